"""How long teams take: `rota solve` on made-up departments of 12 to 60 people, ten days each.

    cargo build
    python3 benches/teams.py [--rota target/debug/rota] [--seconds 60] [--seeds 5]

Prints the seconds of each whole command (p: proved best), the median for each size, and the median over all.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

SIZES = (12, 20, 30, 40, 50, 60)


def solve(rota, scenario, seconds):
    """The seconds a solve took, and whether the roster was proved best."""
    began = time.monotonic()
    command = [rota, "solve", scenario, "--time-limit", str(seconds), "--progress", "off", "--format", "json"]
    run = subprocess.run(command, capture_output=True, text=True)
    took = time.monotonic() - began
    if run.returncode not in (0, 4):
        raise SystemExit(f"{' '.join(command)}\n{run.stderr}")
    return took, json.loads(run.stdout)["status"] == "optimal"


def main():
    project = pathlib.Path(__file__).resolve().parent.parent
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rota", default=str(project / "target" / "debug" / "rota"))
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument("--seeds", type=int, default=5)
    asked = arguments.parse_args()
    everything = []
    with tempfile.TemporaryDirectory() as folder:
        for people in SIZES:
            found = []
            for seed in range(1, asked.seeds + 1):
                scenario = str(pathlib.Path(folder) / f"{people}-{seed}.json")
                made = [asked.rota, "generate", "--people", str(people), "--days", "10", "--seed", str(seed)]
                subprocess.run([*made, "-o", scenario], check=True, capture_output=True)
                found.append(solve(asked.rota, scenario, asked.seconds))
            each = "  ".join(f"{took:.2f}{' p' if proved else ''}" for took, proved in found)
            print(f"{people:3} people   {each}   median {statistics.median(took for took, _ in found):.2f}", flush=True)
            everything += found
    proved = sum(proved for _, proved in everything)
    print(f"median {statistics.median(took for took, _ in everything):.2f} s; {proved} of {len(everything)} proved best")


if __name__ == "__main__":
    main()
