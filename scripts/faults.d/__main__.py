"""Kills, stalls and fills what Retake stands on while it is sent events, and holds it to its promises."""
import argparse
import json
import os
import signal
import sys

import seed as seeds


def main():
    parser = argparse.ArgumentParser(prog="scripts/faults", description=__doc__)
    parser.add_argument("--seeds", type=int, default=5, help="how many (default 5)")
    parser.add_argument("--first", type=int, default=1, help="the first (default 1)")
    parser.add_argument("--seconds", type=float, default=15, help="of load and faults per seed (default 15)")
    parser.add_argument("--json", metavar="FILE", help="write every seed's outcome there")
    parser.add_argument("--verbose", action="store_true", help="tell each fault as it happens")
    arguments = parser.parse_args()
    # So that being ended ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    program = os.environ["RETAKE_PROGRAM"]
    repository = os.environ["RETAKE_HOME"]
    outcomes = []
    notes = set()
    for number in range(arguments.first, arguments.first + arguments.seeds):
        outcome = seeds.Seed(number, arguments.seconds, program, repository, arguments.verbose).run()
        outcomes.append(outcome)
        notes.update(outcome.notes)
        print(outcome.line(), flush=True)
        if not outcome.is_clean:
            for text in outcome.wrong[:20]:
                print(f"    {text}", flush=True)
            print(f"    logs and data: {outcome.folder}", flush=True)
    for note in sorted(notes):
        print(note)
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump([vars(outcome) for outcome in outcomes], file, indent=1)
    clean = sum(outcome.is_clean for outcome in outcomes)
    print(f"{clean} of {len(outcomes)} seeds clean")
    return 0 if clean == len(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
