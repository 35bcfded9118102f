"""Medians over the rounds of a measurement (one JSON object a line on standard input)."""
import json
import statistics
import sys


def main() -> int:
    name, machine, as_json = sys.argv[1], sys.argv[2], sys.argv[3] == "true"
    rounds = [json.loads(line) for line in sys.stdin if line.strip()]
    result = {"name": name, "machine": machine, "figures": {}, "ratios": {}, "spread": {}, "runs": len(rounds)}
    for part in ("figures", "ratios"):
        for key in rounds[0].get(part, {}):
            values = [r[part][key] for r in rounds if key in r.get(part, {})]
            if len(values) != len(rounds):
                print(f"error: {key} is missing in {len(rounds) - len(values)} of the runs", file=sys.stderr)
                return 1
            result[part][key] = round(statistics.median(values), 4)
            result["spread"][key] = [round(min(values), 4), round(max(values), 4)]
    if as_json:
        print(json.dumps(result, ensure_ascii=False))
        return 0
    print(f"{name} on {machine}\nmedian of {len(rounds)} runs (least, most)")
    width = max((len(k) for k in result["spread"]), default=0)
    for part in ("figures", "ratios"):
        for key, value in result[part].items():
            least, most = result["spread"][key]
            print(f"  {key:<{width}}  {value:>12,.3f}   ({least:,.3f}, {most:,.3f})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
