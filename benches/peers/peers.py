#!/usr/bin/env python3
"""Rota beside HiGHS and CP-SAT: the same whole program, the same cores, the same time.

Each scenario is turned into one level, so that every solver minimises the same single cost. `rota model` writes its
whole program; Rota solves the scenario, HiGHS and CP-SAT the program, one after the other. See README.md beside this
file.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from fractions import Fraction
from math import lcm
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PLACE = PROJECT / "target" / "peers"
PACKAGES = ["ortools>=9.15,<9.16", "highspy>=1.15,<1.16"]
# A whole team's day weighs more than one person's refused wish.
HIGH_COUNTS = 10
# Seconds beyond its limit after which a solver is ended.
GRACE = 120
EXACT = 1e-6


# ------------------------------------------------------------------ set-up

def own_environment():
    """Runs this script again inside its own virtual environment, made at the first call."""
    folder = PLACE / "venv"
    python = folder / "bin" / "python"
    if Path(sys.prefix).resolve() == folder.resolve():
        return
    ready = folder / "ready"
    if not ready.exists() or ready.read_text() != "\n".join(PACKAGES):
        say(f"Setting up a virtual environment with {', '.join(PACKAGES)} (once)")
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "-q", *PACKAGES], check=True)
        ready.write_text("\n".join(PACKAGES))
    os.execv(str(python), [str(python), *sys.argv])


def say(text):
    print(text, file=sys.stderr, flush=True)


# ------------------------------------------------------------------ cases

def one_level(scenario):
    """All that is soft in one level, and no level of visits below it."""
    for rule in scenario.get("rules", []):
        if rule.get("strength") == "high":
            rule["weight"] = rule.get("weight", 1) * HIGH_COUNTS
        if rule.get("strength") in ("high", "medium", "low"):
            rule["strength"] = "medium"
    scenario["default_place"] = "none"
    return scenario


def cases(args, folder):
    """Name and scenario file of each case."""
    for file in args.scenarios:
        path = folder / f"case{len(list(folder.iterdir()))}.json"
        path.write_text(json.dumps(one_level(json.loads(Path(file).read_text()))))
        name = Path(file).stem
        yield (Path(file).resolve().parent.name if name == "scenario" else name), path
    for people in args.people:
        path = folder / f"people{people}.json"
        made = [args.rota, "generate", "--people", people, "--days", args.days, "--seed", args.seed]
        made = subprocess.run([str(word) for word in made], check=True, capture_output=True, text=True)
        path.write_text(json.dumps(one_level(json.loads(made.stdout))))
        yield f"{people} people x {args.days} days, seed {args.seed}", path
    if args.outside:
        kinds = [("asocio25", "instance*.json", ["--reading", "model_f"]), ("curtois24", "Instance*.txt", [])]
        for kind, pattern, reading in kinds:
            files = (args.outside / kind).glob(pattern)
            for file in sorted(files, key=lambda file: int("".join(c for c in file.stem if c.isdigit()) or 0)):
                name = f"{kind} {file.stem}"
                if args.only and args.only not in (kind, name):
                    continue
                path = folder / f"{kind}_{file.stem}.json"
                asked = "curtois" if kind == "curtois24" else kind
                imported = [args.rota, "import", "--kind", asked, *reading, str(file), "-o", str(path)]
                imported = subprocess.run(imported, capture_output=True, text=True)
                if imported.returncode != 0:
                    say(f"{name} is left out: rota import says\n{imported.stderr}")
                    continue
                # One soft level already; only visits must not be a level below it.
                scenario = json.loads(path.read_text())
                scenario["default_place"] = "none"
                path.write_text(json.dumps(scenario))
                yield name, path


# ------------------------------------------------------------------ Rota

def run_rota(rota, scenario, seconds, cores):
    """The whole command, reading and building included: trace and end."""
    command = [rota, "solve", str(scenario), "--format", "json", "--progress", "jsonl",
               "--time-limit", str(seconds), "--threads", str(cores)]
    start = time.monotonic()
    with tempfile.TemporaryFile("w+") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE, text=True)
        trace = []
        for line in process.stderr:
            if not line.startswith("{"):
                continue
            told = json.loads(line)
            if told.get("level") == "medium":
                # By the clock here, as the time limit counts: reading the scenario included.
                trace.append((time.monotonic() - start, told["best"], told["bound"]))
        process.wait()
        took = time.monotonic() - start
        out.seek(0)
        document = json.loads(out.read() or "{}")
    levels = [level for level in document.get("levels", []) if level["strength"] == "medium"]
    if not levels:
        return {"best": None, "bound": None, "seconds": took, "trace": trace,
                "note": f"exit code {process.returncode}, {document.get('status')}"}
    cost, bound = levels[0]["cost"], levels[0]["bound"]
    if not any(best is not None and best <= cost + EXACT for _, best, _ in trace):
        trace.append((took, cost, bound))
    return {"best": cost, "bound": bound, "seconds": took, "trace": trace, "note": ""}


# ------------------------------------------------------------------ peers, each in a process of its own

def run_peer(name, model, seconds, cores):
    command = [sys.executable, __file__, "--worker", name, str(model), str(seconds), str(cores)]
    trace, end, start = [], {}, time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        out, _ = process.communicate(timeout=seconds + GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
        end["note"] = "ended by force"
    for line in out.splitlines():
        if not line.startswith("{"):
            continue
        told = json.loads(line)
        if "end" in told:
            end = told["end"] | end
        else:
            trace.append((told["elapsed"], told["best"], told["bound"]))
    if "seconds" not in end:
        last = trace[-1] if trace else (None, None, None)
        note = end.get("note") or f"ended with code {process.returncode}"
        end = {"best": last[1], "bound": last[2], "seconds": time.monotonic() - start, "note": note}
    end["trace"] = trace
    return end


def tell(elapsed, best, bound):
    print(json.dumps({"elapsed": elapsed, "best": best, "bound": bound}), flush=True)


def tell_end(best, bound, seconds, note):
    print(json.dumps({"end": {"best": best, "bound": bound, "seconds": seconds, "note": note}}), flush=True)


def finite(number):
    return number if number is not None and abs(number) < 1e29 else None


def work_highs(model, seconds, cores):
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", cores)
    highs.setOptionValue("time_limit", float(seconds))
    highs.setOptionValue("mip_rel_gap", 0.0)
    highs.readModel(model)
    start = time.monotonic()

    def improving(event):
        data = event.data_out
        tell(time.monotonic() - start, data.objective_function_value, finite(data.mip_dual_bound))

    highs.cbMipImprovingSolution.subscribe(improving)
    highs.run()
    took = time.monotonic() - start
    info = highs.getInfo()
    status = highs.modelStatusToString(highs.getModelStatus())
    has = info.primal_solution_status == 2
    best = info.objective_function_value if has else None
    tell_end(best, finite(info.mip_dual_bound), took, "" if has else status.lower())


def work_cp_sat(model, seconds, cores):
    # Read by OR-Tools itself: it and HiGHS's package do not load into one process.
    from ortools.linear_solver.python import model_builder
    from ortools.sat.python import cp_model

    program = model_builder.Model()
    if not program.import_from_mps_file(model):
        raise ValueError("OR-Tools cannot read the program")
    fractional = sum(not column.is_integral for column in program.get_variables())
    if fractional:
        return work_cp_sat_with_fractions(program, seconds, cores, fractional)
    edge = 2 ** 40
    cp = cp_model.CpModel()
    columns = [
        cp.new_int_var(int(max(column.lower_bound, -edge)), int(min(column.upper_bound, edge)), "")
        for column in program.get_variables()
    ]
    for row in program.get_linear_constraints():
        scale, factors = in_whole_numbers(program.helper.constraint_coefficients(row.index))
        these = [columns[at] for at in program.helper.constraint_var_indices(row.index)]
        # Whole numbers on the left: sides may be rounded inwards.
        lower, upper = row.lower_bound, row.upper_bound
        low = -(2 ** 62) if lower < -1e29 else -(-(exact(lower) * scale) // 1)
        high = 2 ** 62 if upper > 1e29 else exact(upper) * scale // 1
        total = cp_model.LinearExpr.weighted_sum(these, factors)
        cp.add_linear_expression_in_domain(total, cp_model.Domain(int(low), int(high)))
    scale, costs = in_whole_numbers([column.objective_coefficient for column in program.get_variables()])
    cp.minimize(cp_model.LinearExpr.weighted_sum(columns, costs))

    def cost(value):
        return value / scale + program.objective_offset

    class Improving(cp_model.CpSolverSolutionCallback):
        def on_solution_callback(self):
            tell(self.wall_time, cost(self.objective_value), cost(self.best_objective_bound))

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = cores
    solver.parameters.max_time_in_seconds = float(seconds)
    status = solver.solve(cp, Improving())
    has = status in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    best = cost(solver.objective_value) if has else None
    bound = cost(solver.best_objective_bound) if status != cp_model.INFEASIBLE else None
    tell_end(best, bound, solver.wall_time, "" if has else solver.status_name(status).lower())


def exact(number):
    """A number that was written with few digits, as the fraction that was meant."""
    fraction = Fraction(number).limit_denominator(100_000)
    if abs(float(fraction) - number) > 1e-9 * max(1.0, abs(number)):
        raise ValueError(f"{number} is no fraction with a small denominator")
    return fraction


def in_whole_numbers(numbers):
    """The least number that makes all of them whole, and them times that."""
    fractions = [exact(number) for number in numbers]
    scale = lcm(*(fraction.denominator for fraction in fractions))
    return scale, [int(fraction * scale) for fraction in fractions]


def work_cp_sat_with_fractions(program, seconds, cores, fractional):
    """Columns that need not be whole: OR-Tools' own route from such programs, which scales and tells no trace."""
    from ortools.linear_solver.python import model_builder

    solver = model_builder.Solver("CP_SAT")
    solver.set_time_limit_in_seconds(float(seconds))
    solver.set_solver_specific_parameters(f"num_workers:{cores}")
    start = time.monotonic()
    status = solver.solve(program)
    took = time.monotonic() - start
    has = status in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE)
    note = f"{fractional} columns not whole, scaled by OR-Tools, no trace"
    if has:
        tell_end(solver.objective_value, solver.best_objective_bound, took, note)
    else:
        tell_end(None, None, took, f"{str(status).split('.')[-1].lower()}; {note}")


WORKERS = {"HiGHS": work_highs, "CP-SAT": work_cp_sat}


# ------------------------------------------------------------------ the table

def reached(trace, cost):
    """Seconds at which a trace was first at a cost or below."""
    return next((elapsed for elapsed, best, _ in trace if best is not None and best <= cost + EXACT), None)


def gap(best, bound):
    if best is None or bound is None:
        return None
    over = best - bound
    return 0.0 if over <= EXACT else over / max(abs(best), 1e-9)


def number(value, digits=2):
    return "-" if value is None else f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"


def rows_of(case, results):
    """Lines of the table: Rota first, then each peer with when Rota was there."""
    rota = results["Rota"]
    for solver, result in results.items():
        best, bound = result["best"], result["bound"]
        after = reached(result["trace"], best) if best is not None else None
        share = gap(best, bound)
        cells = [case, solver, number(best), number(bound),
                 "-" if share is None else f"{100 * share:.1f} %", number(result["seconds"], 1), number(after, 1)]
        if solver == "Rota":
            cells += ["", ""]
        elif best is None:
            cells += ["it found none" if rota["best"] is not None else "-", "-"]
        else:
            there = reached(rota["trace"], best)
            # Where there is no trace, the whole time.
            took = after if after is not None else result["seconds"]
            ratio = "-" if there is None else f"{there / max(took, 0.01):.2f}"
            cells += ["never" if there is None else number(there, 1), ratio]
        note = result.get("note") or ""
        yield "| " + " | ".join(cells + [note]) + " |"


HEAD = ["case", "solver", "best", "bound", "gap", "seconds", "best after, s", "Rota as good after, s",
        "ratio", "note"]


def versions(rota):
    from importlib.metadata import version

    own = subprocess.run([rota, "--version"], capture_output=True, text=True).stdout.strip()
    return f"{own}; HiGHS {version('highspy')}, OR-Tools {version('ortools')}, Python {sys.version.split()[0]}"


def main():
    if len(sys.argv) > 1 and sys.argv[1] == "--worker":
        name, model, seconds, cores = sys.argv[2:6]
        WORKERS[name](model, float(seconds), int(cores))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scenarios", nargs="*", help="scenario files")
    parser.add_argument("--people", default="", help="departments of these sizes by rota generate: 50,200")
    parser.add_argument("--days", type=int, default=10, help="work days of these departments")
    parser.add_argument("--seed", type=int, default=1, help="seed of these departments")
    parser.add_argument("--outside", type=Path, metavar="DIR",
                        help="folder with asocio25/instance1.json ... and curtois24/Instance1.txt ...")
    parser.add_argument("--only", metavar="TEXT", help="of the outside ones, this kind or this one: "
                        "asocio25, or 'asocio25 instance1'")
    parser.add_argument("--seconds", type=float, default=60, help="for each solver and case")
    parser.add_argument("--cores", type=int, default=2, help="threads of each solver")
    parser.add_argument("--solvers", default="HiGHS,CP-SAT", help="the peers, of HiGHS and CP-SAT")
    parser.add_argument("--rota", default=str(PROJECT / "target" / "debug" / "rota"), help="the rota binary")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write results and traces there too")
    args = parser.parse_args()
    args.people = [int(people) for people in args.people.split(",") if people]
    peers = [name for name in args.solvers.split(",") if name]
    unknown = [name for name in peers if name not in WORKERS]
    if unknown:
        parser.error(f"no such peer: {', '.join(unknown)}")
    if not (args.scenarios or args.people or args.outside):
        parser.error("name scenario files, or give --people or --outside")
    if not Path(args.rota).is_file():
        parser.error(f"there is no {args.rota}: build it, or give --rota")
    own_environment()
    print(f"{args.seconds:g} s and {args.cores} cores for each. {versions(args.rota)}.\n")
    print("| " + " | ".join(HEAD) + " |\n|" + "---|" * len(HEAD), flush=True)
    record = []
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        for case, scenario in cases(args, folder):
            model = folder / "model.mps"
            model.unlink(missing_ok=True)
            written = subprocess.run([args.rota, "model", str(scenario), "-o", str(model)],
                                     capture_output=True, text=True)
            if written.returncode != 0:
                say(f"{case} is left out: rota model says\n{written.stderr}")
                continue
            say(f"{case}: {written.stdout.split(': ', 1)[-1].strip()}")
            results = {"Rota": run_rota(args.rota, scenario, args.seconds, args.cores)}
            for peer in peers:
                say(f"  {peer}")
                results[peer] = run_peer(peer, model, args.seconds, args.cores)
            for line in rows_of(case, results):
                print(line, flush=True)
            record.append({"case": case, "results": results})
    if args.json:
        args.json.write_text(json.dumps(record, indent=1))


if __name__ == "__main__":
    main()
