"""10,000 two-arm analyses by gbstats; prints {"gbstats_10000_ms": …, "shown": …}."""
import json
import time
import warnings

from gbstats.bayesian.tests import EffectBayesianABTest, EffectBayesianConfig
from gbstats.frequentist.tests import SequentialConfig, SequentialTwoSidedTTest
from gbstats.models.statistics import ProportionStatistic
from gbstats.utils import check_srm

ANALYSES = 10_000


def counts(number: int) -> tuple[int, int, int, int]:
    """As in analysis-bench: successes and units of A, then of B."""

    def spread(step: int) -> float:
        return number * step % 9973 / 9973

    units = int(2_000 + 58_000 * spread(7919))
    rate = 0.005 + 0.195 * spread(6101)
    lift = 1 + 0.4 * (spread(3571) - 0.5)
    return int(units * rate), units, int(units * rate * lift), units + int(200 * spread(4441)) - 100


def main() -> None:
    warnings.filterwarnings("ignore")
    pairs = []
    for number in range(ANALYSES):
        a, n, b, m = counts(number)
        pairs.append((ProportionStatistic(n=n, sum=a), ProportionStatistic(n=m, sum=b)))
    sequential, bayesian = SequentialConfig(difference_type="absolute"), EffectBayesianConfig(difference_type="absolute")
    shown = 0
    start = time.perf_counter()
    for a, b in pairs:
        test = SequentialTwoSidedTTest(a, b, sequential).compute_result()
        EffectBayesianABTest(a, b, bayesian).compute_result()
        if check_srm([a.n, b.n], [0.5, 0.5]) >= 0.001 and (test.ci[0] > 0 or test.ci[1] < 0):
            shown += 1
    print(json.dumps({"gbstats_10000_ms": 1000 * (time.perf_counter() - start), "shown": shown}))


if __name__ == "__main__":
    main()
