#!/usr/bin/env python3
"""How the time to a gap of 15 % grows with the number of people.

Makes departments with `rota generate`, solves each with `--progress jsonl`, and looks for the first line at which the
dearest level of the softer rules is within 15 % of its bound. Prints the seconds and the exponent of the growth:
log(t2 / t1) / log(n2 / n1).

    cargo build && python3 benches/growth.py [--people 200,1000,10000] [--seconds 60,120,600] [--rota target/debug/rota]
"""

import argparse
import json
import math
import pathlib
import subprocess
import tempfile

WANTED = 0.15


def seconds_to_gap(rota, people, limit, folder):
    scenario = str(pathlib.Path(folder) / f"{people}.json")
    roster = str(pathlib.Path(folder) / f"{people}.roster.json")
    made = [rota, "generate", "--people", str(people), "--days", "10", "--seed", "1", "-o", scenario]
    subprocess.run(made, check=True, capture_output=True)
    solve = [rota, "solve", scenario, "-o", roster, "--time-limit", str(limit), "--progress", "jsonl"]
    run = subprocess.run(solve, check=False, capture_output=True, text=True)
    document = json.loads(pathlib.Path(roster).read_text())
    # Visits are a level of their own and no cost of a rule.
    levels = [level for level in document["levels"] if level["strength"] != "home_first"]
    dearest = max(levels, key=lambda level: level["cost"])
    reached = None
    for line in run.stderr.splitlines():
        try:
            told = json.loads(line)
        except ValueError:
            continue
        if told.get("level") != dearest["strength"] or not told.get("best") or told.get("bound") is None:
            continue
        if (told["best"] - told["bound"]) / told["best"] <= WANTED:
            reached = told["elapsed"]
            break
    return reached, dearest


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", default="200,1000,10000")
    parser.add_argument("--seconds", default="60,120,600")
    parser.add_argument("--rota", default="target/debug/rota")
    args = parser.parse_args()
    sizes = [int(size) for size in args.people.split(",")]
    limits = [float(limit) for limit in args.seconds.split(",")]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for people, limit in zip(sizes, limits):
            reached, dearest = seconds_to_gap(args.rota, people, limit, folder)
            said = "not reached" if reached is None else f"{reached:.1f} s"
            print(f"{people:>7} people: 15 % after {said}; in the end {dearest['cost']:g}, bound {dearest['bound']:g}", flush=True)
            if reached is not None:
                found.append((people, reached))
    for (small, first), (large, last) in zip(found, found[1:]):
        print(f"from {small} to {large}: people^{math.log(last / first) / math.log(large / small):.2f}")
    if len(found) > 2:
        (small, first), (large, last) = found[0], found[-1]
        print(f"from {small} to {large}: people^{math.log(last / first) / math.log(large / small):.2f}")


if __name__ == "__main__":
    main()
