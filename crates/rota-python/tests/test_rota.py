"""The built wheel, as its users see it."""

import datetime
import json
import math
import os
import pathlib
import pickle
import re
import signal
import subprocess
import sys
import threading
import time

import pytest

import rota

PROJECT = pathlib.Path(__file__).resolve().parents[3]


def fixture(name):
    return (PROJECT / "fixtures" / name / "scenario.json").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def coding():
    return fixture("clinical_coding")


@pytest.fixture(scope="session")
def solved(coding):
    return rota.solve(coding)


def week(**more):
    return {
        "scenario": 1,
        "calendar": {"from": "2020-06-15", "to": "2020-06-16"},
        "people": [{"id": "amy"}, {"id": "ben"}],
        "rules": [{"headcount": {"at_least": 1}}],
        **more,
    }


def hard(people=120, days=10):
    """A scenario that is not solved soon: wishes that compete for seats, and runs that couple the days."""
    names = ["mon", "tue", "wed", "thu", "fri"]
    start = datetime.date(2020, 6, 15)
    return {
        "scenario": 1,
        "calendar": {"from": start, "to": start + datetime.timedelta(days=days * 7 // 5 - 1)},
        "people": [
            {
                "id": f"p{at}",
                "team": f"t{at % 7}",
                "tags": [f"s{at % 5}"],
                "wishes": [
                    {"on": names[(at * 3) % 5], "place": "on_site", "weight": 1 + at % 3},
                    {"on": names[(at * 7 + 2) % 5], "place": "home", "weight": 1 + at % 4},
                ],
            }
            for at in range(people)
        ],
        "rules": [
            {"headcount": {"at_least": people // 4, "at_most": people // 3}},
            {"id": "teams", "for_each": "team", "headcount": {"at_least": 3}},
            {"id": "runs", "run": {"place": "home", "at_most": 3}},
            {"id": "skills", "headcount": {"who": {"tag": "s1"}, "at_least": 5, "at_most": 7}},
            {"id": "wishes", "wishes": {}, "strength": "medium"},
        ],
    }


def test_a_roster_reads_like_a_dict_and_like_a_table(coding, solved):
    assert solved.status == "optimal" and solved.musts_kept and solved.exit_code == 0
    assert solved["levels"] and set(solved) >= {"roster", "assignments", "solve"}
    assert not solved.interrupted
    records = solved.to_records()
    assert len(records) == len(solved.assignments) == 120
    assert all(set(row) == set(records[0]) for row in records)
    assert all(value is None or isinstance(value, str) for row in records for value in row.values())
    assert json.loads(solved.to_json()) == dict(solved) == solved.to_dict()
    assert "optimal" in repr(solved)
    for form in (json.loads(coding), coding.encode(), b"\xef\xbb\xbf" + coding.encode()):
        assert rota.solve(form).status == "optimal"


def test_pandas(solved):
    pandas = pytest.importorskip("pandas", reason="pandas is not on this machine")
    frame = pandas.DataFrame(solved.to_records())
    assert (frame.groupby("on")["person"].count() == 12).all()


def test_impossible_is_an_answer():
    result = rota.solve(fixture("radiology_reports"))
    assert result.status == "impossible" and not result.musts_kept and result.exit_code == 1
    assert result["conflict"] and result["ways_out"] and result.to_records() == []
    closest = rota.solve(fixture("radiology_reports"), best_effort=True)
    assert closest.assignments and not closest.musts_kept


def test_mistakes_have_places():
    text = json.dumps(week(rules=[{"headcount": {"who": {"tag": "recepton"}, "at_leest": 1}}]), indent=1)
    with pytest.raises(rota.ScenarioError) as caught:
        rota.solve(text)
    finding = caught.value.findings[0]
    assert finding["level"] == "error" and finding["line"] > 1 and finding["pointer"].startswith("/rules/0")
    assert "at_leest" in str(caught.value) and "help: " in str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert pickle.loads(pickle.dumps(caught.value)).findings == caught.value.findings
    with pytest.raises(rota.ScenarioError) as caught:
        rota.solve(json.loads(text))
    assert "line" not in caught.value.findings[0]


@pytest.mark.parametrize(
    "scenario, code, pointer",
    [
        (week(people=[{"id": "amy", "absent_rate": math.nan}]), "document.number", "/people/0/absent_rate"),
        (week(people=[{"id": "amy", "absent_rate": -math.inf}]), "document.number", "/people/0/absent_rate"),
        (week(note={"x": {1, 2}}), "document.type", "/note/x"),
        (b"\xff\xfe{}", "scenario.utf8", None),
        ("\ud800", "scenario.utf8", None),
    ],
)
def test_what_is_no_document_is_said_with_its_place(scenario, code, pointer):
    with pytest.raises(rota.ScenarioError) as caught:
        rota.solve(scenario)
    assert [(one["code"], one.get("pointer")) for one in caught.value.findings] == [(code, pointer)]


def test_documents_that_cannot_be_end_in_an_error():
    endless = week()
    endless["note"] = endless
    deep = []
    for _ in range(100_000):
        deep = [deep]
    for scenario in (endless, week(note=deep), "", "week.json", "{}", "[]", '{"scenario": 1', "[" * 100_000, "{} {}"):
        with pytest.raises(rota.ScenarioError):
            rota.solve(scenario)
    with pytest.raises(TypeError):
        rota.solve(7)
    for options in ({"gap": 2}, {"time_limit": -1}, {"threads": 10_000}, {"seed": -1}, {"time_limit": math.nan}):
        with pytest.raises(rota.ScenarioError):
            rota.solve(week(), **options)


def test_dates_may_be_dates():
    scenario = week(calendar={"from": datetime.date(2020, 6, 15), "to": datetime.date(2020, 6, 16)})
    assert rota.solve(scenario)["of"]["to"] == "2020-06-16"


def test_validate_raises_nothing(coding):
    assert rota.validate(coding).exit_code == 0
    wrong = rota.validate(week(people=[{"id": 3}]))
    assert wrong.exit_code == 2 and wrong.findings
    assert rota.validate("{").exit_code == 2
    cannot = rota.validate(week(rules=[{"headcount": {"at_least": 3}}]))
    assert cannot.exit_code == 1 and cannot.findings


def test_check_takes_every_form_of_a_roster(coding, solved):
    for form in (solved, dict(solved), solved.to_json(), solved.to_json().encode()):
        assert rota.check(coding, form).musts_kept
    table = "person,on,place\n" + "\n".join(
        f"{person},2020-06-{day},home" for person in ("amy", "ben") for day in (15, 16)
    )
    judged = rota.check(week(), table)
    assert not judged.musts_kept and judged["breaches"]
    with pytest.raises(rota.ScenarioError):
        rota.check(week(), rota.solve(fixture("radiology_reports")))


def test_the_questions_around_a_roster(coding, solved):
    explained = rota.explain(fixture("radiology_reports"))
    assert explained.status == "impossible" and explained["clash"]
    assert rota.explain(coding, solved)["answers"]
    absent = ["Ben Okafor:17 June"]  # the validator of that day
    covered = rota.cover(coding, solved, absent=absent)
    assert covered["choices"]
    taken = rota.cover(coding, solved, absent=absent, take=1)
    assert taken.musts_kept and taken.to_records()
    mended = rota.replan(coding, solved, absent=absent, today=datetime.date(2020, 6, 16))
    assert mended["result"] == "mended" and mended.musts_kept and mended.roster.musts_kept
    assert rota.size(coding, "desks").exit_code == 0
    desks = "zone,desk,x,y\nnorth,N1,0,0\nnorth,N2,1.4,0\nnorth,N3,2.8,0\n"
    fits = rota.capacity(desks, [1.0, 2.0])
    assert [answer["desks"] for answer in fits["distances"]] == [3, 2]
    with pytest.raises(rota.ScenarioError):
        rota.cover(coding, solved, absent=["Nobody:thu"])


def test_progress_is_told_in_dicts(coding):
    told = []
    result = rota.solve(coding, on_progress=told.append)
    assert result.status == "optimal" and told
    assert all(set(now) == {"doing", "level", "best", "bound", "gap", "elapsed"} for now in told)


def test_what_on_progress_raises_ends_the_work_and_is_raised():
    class Enough(Exception):
        pass

    def stop(now):
        raise Enough(now["doing"])

    with pytest.raises(Enough):
        rota.solve(hard(), time_limit=None, on_progress=stop)


def test_a_cancel_from_another_thread_keeps_the_best():
    cancel = rota.Cancel()
    found = threading.Event()

    def watch(now):
        if now["best"] is not None and now["level"] == "medium":
            found.set()

    def press():
        found.wait()
        cancel.cancel()

    threading.Thread(target=press, daemon=True).start()
    result = rota.solve(hard(), time_limit=None, on_progress=watch, cancel=cancel)
    assert cancel.cancelled and result.musts_kept and not result.interrupted
    assert result["solve"]["stopped_by"] in ("asked", None)


def test_other_threads_run_meanwhile():
    counted = 0
    done = threading.Event()

    def count():
        nonlocal counted
        while not done.is_set():
            counted += 1
            time.sleep(0)

    counter = threading.Thread(target=count)
    seen = []
    counter.start()
    try:
        # Counted between two calls of the callback, while nothing but the search has the calling thread.
        rota.solve(hard(), time_limit=3, on_progress=lambda now: seen.append(counted))
    finally:
        done.set()
        counter.join()
    assert len(seen) >= 2 and seen[-1] > seen[0] + 1000


def test_two_at_once_answer_as_each_alone(coding, solved):
    results = [None, None]

    def one(at):
        results[at] = rota.solve(coding, threads=1)

    threads = [threading.Thread(target=one, args=(at,)) for at in (0, 1)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert results[0].assignments == results[1].assignments == solved.assignments


INTERRUPTED = """
import json, os, signal, sys
import rota
presses = []
def watch(now):
    if now["best"] is not None and now["level"] == "medium" and not presses:
        presses.append(now)
        os.kill(os.getpid(), signal.SIGINT)
result = rota.solve(json.load(sys.stdin), time_limit=None, on_progress=watch)
print(result.interrupted, result.musts_kept, result["solve"]["stopped_by"])
"""

EARLY = """
import json, os, signal, sys
import rota
def watch(now):
    os.kill(os.getpid(), signal.SIGINT)
try:
    rota.solve(json.load(sys.stdin), time_limit=None, on_progress=watch)
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.skipif(os.name != "posix", reason="signals of a process of its own are POSIX's")
@pytest.mark.parametrize("program, said", [(INTERRUPTED, "True True asked"), (EARLY, "interrupted")])
def test_ctrl_c(program, said):
    scenario = json.dumps(hard(), default=str)
    # A job in the background starts with its interrupts ignored.
    heeds = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{heeds}\n{program}"
    run = subprocess.run([sys.executable, "-c", program], input=scenario, text=True, capture_output=True)
    assert (run.returncode, run.stdout.strip()) == (0, said), run.stderr


def test_it_is_typed():
    folder = pathlib.Path(rota.__file__).parent
    assert (folder / "py.typed").is_file() and (folder / "_rota.pyi").is_file()
    assert all(getattr(rota, name).__doc__ for name in rota.__all__)
    assert rota.__version__ in (PROJECT / "Cargo.toml").read_text()


def test_the_readme_runs_as_it_stands(coding, tmp_path):
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    block = re.search(r"<!-- python -->\n```python\n(.*?)```\n<!-- /python -->", readme, re.S).group(1)
    (tmp_path / "week.json").write_text(coding, encoding="utf-8")
    (tmp_path / "example.py").write_text(block, encoding="utf-8")
    run = subprocess.run([sys.executable, "example.py"], cwd=tmp_path, text=True, capture_output=True)
    assert run.returncode == 0, run.stderr
    assert "optimal" in run.stdout
