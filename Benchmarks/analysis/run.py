"""One round of `scripts/bench analysis`: `run.py FOLDER ANALYSIS_BENCH GBSTATS_PYTHON`; docs/benchmarks.md says what is what."""
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def said(command: list) -> dict:
    result = subprocess.run([str(part) for part in command], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(result.stdout.strip().splitlines()[-1])


def main() -> None:
    bench, python = sys.argv[2], sys.argv[3]
    figures: dict[str, float] = {}
    ratios: dict[str, float] = {}
    only = set(filter(None, os.environ.get("RETAKE_BENCH_PARTS", "").split(",")))

    def wanted(part: str) -> bool:
        return not only or part in only

    if wanted("two_arm"):
        figures["two_arm_10000_ms"] = said([bench, "two-arm"])["two_arm_10000_ms"]
        if wanted("peers"):
            figures["gbstats_10000_ms"] = said([python, ROOT / "peers/gbstats/analyse.py"])["gbstats_10000_ms"]
            ratios["gbstats"] = figures["gbstats_10000_ms"] / figures["two_arm_10000_ms"]
    if wanted("campaign"):
        catalogue = ROOT.parent / "config/metrics.yaml"
        figures["campaign_ms"] = said([bench, "campaign", catalogue])["campaign_ms"]
    print(json.dumps({"figures": figures, "ratios": ratios}))


if __name__ == "__main__":
    main()
