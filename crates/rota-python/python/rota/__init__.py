"""Rota: rosters that keep every hard rule, are proved good, and explain themselves.

    import rota

    result = rota.solve(scenario, time_limit=30)
    if result.musts_kept:
        for row in result.to_records():
            print(row["person"], row["on"], row["place"])

A scenario is a dict, or JSON as text or bytes; its format is that of ``rota schema scenario``. Every answer is a
:class:`Result`: the document that the command of the same name prints, read like a dict. "Impossible" is an answer
(``result.status``); mistakes in what was given raise :class:`ScenarioError`, with all of them in ``findings``.

Nothing here reads files, the environment or today's date. Calls may run at the same time, each on threads of its own,
and other Python threads go on meanwhile. Ctrl-C ends a call with the best roster found so far
(``result.interrupted``); where there is none yet, or at the second Ctrl-C, ``KeyboardInterrupt`` is raised.
"""

import datetime as _datetime
import json as _json
import math as _math
from collections.abc import Mapping as _Mapping
from typing import Any, Callable, Dict, Iterator, List, Mapping, Optional, Sequence, Union

from . import _rota
from ._rota import Cancel, __version__

__all__ = [
    "Cancel",
    "Result",
    "RotaError",
    "ScenarioError",
    "capacity",
    "check",
    "cover",
    "explain",
    "replan",
    "size",
    "solve",
    "validate",
]

Scenario = Union[Mapping[str, Any], str, bytes]
"""A scenario: a dict, or JSON as text or bytes."""
Roster = Union[Mapping[str, Any], str, bytes]
"""A roster: a :class:`Result`, a dict, JSON, or a table (CSV) with the columns person, on and place."""
Day = Union[str, _datetime.date]
"""A date, or text like ``2020-06-15``."""
OnProgress = Callable[[Dict[str, Any]], object]
"""Told how the work stands: a dict with ``doing``, ``level``, ``best``, ``bound``, ``gap`` and ``elapsed``."""

_MISTAKE = 2
_INTERNAL = 3
_UNKNOWN = 4
_COLUMNS = ("person", "on", "place", "shift", "site", "zone", "desk", "duty")


class ScenarioError(ValueError):
    """Mistakes in what was given, all of them."""

    findings: List[Dict[str, Any]]
    """Each with ``level``, ``code`` and ``message``; where known ``help``, ``pointer``, ``line`` and ``column``."""

    def __init__(self, findings: Sequence[Mapping[str, Any]]) -> None:
        self.findings = [dict(finding) for finding in findings]
        super().__init__("\n".join(_spoken(finding) for finding in self.findings))

    def __reduce__(self) -> Any:
        return (ScenarioError, (self.findings,))


class RotaError(RuntimeError):
    """Rota itself failed: what it found is not accepted by the code that checks it. Please report it."""


class Result(_Mapping):
    """An answer: the document that the command of the same name prints, read like a dict."""

    def __init__(self, document: Mapping[str, Any], exit_code: int = 0, interrupted: bool = False) -> None:
        self._document = dict(document)
        self.exit_code = exit_code
        """0 done, 1 the answer is no, 4 no answer yet: as of the command."""
        self.interrupted = interrupted
        """Whether Ctrl-C ended the search."""

    def __getitem__(self, key: str) -> Any:
        return self._document[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._document)

    def __len__(self) -> int:
        return len(self._document)

    def __repr__(self) -> str:
        names = ("status", "result", "answer", "musts_kept")
        said = [f"{name}={self._document[name]!r}" for name in names if name in self._document]
        return f"<rota.Result {' '.join(said) or ', '.join(self._document)}>"

    @property
    def status(self) -> Optional[str]:
        """``optimal``, ``feasible``, ``unknown`` or ``impossible`` of a roster; that of an explanation likewise."""
        return self._document.get("status")

    @property
    def musts_kept(self) -> bool:
        """Whether every law and must rule is kept: whether the roster may be used."""
        return self._roster().get("musts_kept", False) is True

    @property
    def assignments(self) -> List[Dict[str, Any]]:
        """Every person on every open day; empty where there is no roster."""
        return self._roster().get("assignments") or []

    @property
    def findings(self) -> List[Dict[str, Any]]:
        """What is worth knowing."""
        found = self._document.get("list" if "errors" in self._document else "findings")
        return found or []

    @property
    def roster(self) -> Optional["Result"]:
        """The roster: this itself, or the mended one of :func:`replan`; None where there is none."""
        if "assignments" in self._document:
            return self
        inner = self._document.get("roster")
        return Result(inner, self.exit_code, self.interrupted) if isinstance(inner, dict) else None

    def to_records(self) -> List[Dict[str, Any]]:
        """The roster as flat rows with the same columns each: ``pandas.DataFrame(result.to_records())``."""
        cohorts = self._roster().get("cohorts") or {}
        rows = []
        for one in self.assignments:
            row = {column: one.get(column) for column in _COLUMNS}
            if cohorts:
                row["cohort"] = cohorts.get(one["person"])
            row["needed_for"] = ", ".join(one.get("needed_for") or [])
            rows.append(row)
        return rows

    def to_json(self, indent: Optional[int] = None) -> str:
        """The document as JSON, as every other command and call reads it."""
        return _json.dumps(self._document, indent=indent, ensure_ascii=False)

    def to_dict(self) -> Dict[str, Any]:
        """The document as a dict of its own."""
        return _json.loads(self.to_json())

    def _roster(self) -> Mapping[str, Any]:
        inner = self._document.get("roster")
        return inner if isinstance(inner, dict) else self._document


def solve(
    scenario: Scenario,
    *,
    time_limit: Optional[float] = 60,
    effort: Optional[int] = None,
    gap: float = 0,
    seed: int = 0,
    threads: int = 0,
    best_effort: bool = False,
    on_progress: Optional[OnProgress] = None,
    cancel: Optional[Cancel] = None,
) -> Result:
    """Finds the best roster of a scenario, and says how good it is proved to be.

    ``result.status`` is ``optimal`` (proved the best), ``feasible``, ``unknown`` (nothing found in time) or
    ``impossible`` (proved; ``result["conflict"]`` and ``result["ways_out"]`` say what clashes and what can be done).

    time_limit: seconds for the call; None for no limit.
    effort: branch-and-bound nodes at most for each level, a limit that repeats exactly.
    gap: the relative gap at which a level is good enough; 0 proves the optimum.
    seed: where searches that throw dice begin. threads: 0 for one each core.
    best_effort: when the must rules clash, the closest roster.
    on_progress: called with a dict whenever something has changed; what it raises ends the work and is raised here.
    cancel: ends the work with the best roster so far.
    """
    work = _working(time_limit, effort, gap, seed, threads, best_effort)
    return _ask("solve", scenario, {"options": work}, on_progress, cancel)


def check(scenario: Scenario, roster: Roster) -> Result:
    """Judges a roster, whoever made it: ``musts_kept``, ``breaches``, ``costs``, visits without a reason."""
    return _ask("check", scenario, {"roster": _text(roster, "roster")})


def validate(scenario: Scenario) -> Result:
    """Every mistake in a scenario, and arithmetic that cannot work, in ``result.findings``: it raises nothing for them.

    ``result.exit_code`` is 0 where nothing is wrong, 1 where no roster can keep the rules, 2 for mistakes.
    """
    try:
        return _ask("validate", scenario, {})
    except ScenarioError as error:
        errors = sum(finding["level"] == "error" for finding in error.findings)
        return Result({"findings": 1, "errors": errors, "list": error.findings}, _MISTAKE)


def explain(
    scenario: Scenario,
    roster: Optional[Roster] = None,
    *,
    why_not: Sequence[str] = (),
    person: Optional[str] = None,
    time_limit: Optional[float] = 60,
    effort: Optional[int] = None,
    seed: int = 0,
    threads: int = 0,
    on_progress: Optional[OnProgress] = None,
    cancel: Optional[Cancel] = None,
) -> Result:
    """Says why no roster keeps every rule, with the ways out; or why a roster is as it is.

    why_not: questions like ``amy:18 June:home``. person: one person's page, which names nobody else.
    """
    rest = {
        "roster": None if roster is None else _text(roster, "roster"),
        "why_not": list(why_not),
        "for": person,
        "options": _working(time_limit, effort, 0, seed, threads),
    }
    return _ask("explain", scenario, rest, on_progress, cancel)


def cover(
    scenario: Scenario,
    roster: Optional[Roster] = None,
    *,
    absent: Sequence[str],
    today: Optional[Day] = None,
    take: Optional[int] = None,
    time_limit: Optional[float] = 60,
    effort: Optional[int] = None,
    seed: int = 0,
    threads: int = 0,
    on_progress: Optional[OnProgress] = None,
    cancel: Optional[Cancel] = None,
) -> Result:
    """Whom to ask when people are away (``["Ben Okafor:today..wed"]``): ``result["choices"]``, cheapest first.

    Without a roster: whether the leave can be granted. today: what that word means; the calendar's first day if not
    given. take: the roster with the choice of this number, from 1.
    """
    rest = {
        "roster": None if roster is None else _text(roster, "roster"),
        "absent": list(absent),
        "today": _day(today),
        "take": take,
        "options": _working(time_limit, effort, 0, seed, threads),
    }
    return _ask("cover", scenario, rest, on_progress, cancel)


def replan(
    scenario: Scenario,
    roster: Roster,
    *,
    absent: Sequence[str] = (),
    home_only: Sequence[str] = (),
    closed: Sequence[str] = (),
    today: Optional[Day] = None,
    since: Optional[Day] = None,
    max_changes: Optional[int] = None,
    time_limit: Optional[float] = 60,
    effort: Optional[int] = None,
    seed: int = 0,
    threads: int = 0,
    on_progress: Optional[OnProgress] = None,
    cancel: Optional[Cancel] = None,
) -> Result:
    """Mends a roster with the fewest changes: ``result["changes"]``, and the roster itself as ``result.roster``.

    absent, home_only, closed: what has changed, in words (``Ben Okafor:today..wed``, ``north:18 June``).
    since: the first day that may change. max_changes: so many person-days may change, where that makes it better.
    """
    rest = {
        "roster": _text(roster, "roster"),
        "absent": list(absent),
        "home_only": list(home_only),
        "closed": list(closed),
        "today": _day(today),
        "since": _day(since),
        "max_changes": max_changes,
        "options": _working(time_limit, effort, 0, seed, threads),
    }
    return _ask("replan", scenario, rest, on_progress, cancel)


def capacity(
    plan: Union[Mapping[str, Any], str, bytes],
    distance: Union[float, Sequence[float]],
    *,
    scale: Optional[float] = None,
    people: Optional[int] = None,
    days: Optional[float] = None,
    open_days: Optional[int] = None,
    prefer: Optional[str] = None,
    on: Optional[Day] = None,
    area: Optional[float] = None,
    area_each: Optional[float] = None,
    height: Optional[float] = None,
    share: Optional[float] = None,
    time_limit: Optional[float] = 60,
    threads: int = 0,
    cancel: Optional[Cancel] = None,
) -> Result:
    """How many desks of a plan can be in use at each distance (metres), exactly, and which.

    plan: a scenario, or a table of desks (CSV) or a drawing (SVG) as text. people, days: whether so many people on so
    many days a week each fit. The rest is as in ``rota capacity``.
    """
    distances = [distance] if isinstance(distance, (int, float)) else list(distance)
    rest = {
        "plan": _text(plan, "plan"),
        "distance": distances,
        "scale": scale,
        "people": people,
        "days": days,
        "open_days": open_days,
        "prefer": prefer,
        "on": _day(on),
        "area": area,
        "area_each": area_each,
        "height": height,
        "share": share,
        "options": _working(time_limit, None, 0, 0, threads),
    }
    return _ask("capacity", None, rest, None, cancel)


def size(
    scenario: Scenario,
    of: str,
    *,
    time_limit: Optional[float] = 60,
    effort: Optional[int] = None,
    seed: int = 0,
    threads: int = 0,
    on_progress: Optional[OnProgress] = None,
    cancel: Optional[Cancel] = None,
) -> Result:
    """How many of something are needed: ``desks``, ``seats``, a zone, or the id of a rule ``headcount``."""
    rest = {"of": of, "options": _working(time_limit, effort, 0, seed, threads)}
    return _ask("size", scenario, rest, on_progress, cancel)


def _working(
    time_limit: Optional[float],
    effort: Optional[int],
    gap: float,
    seed: int,
    threads: int,
    best_effort: bool = False,
) -> Dict[str, Any]:
    return {
        "time_limit": time_limit,
        "effort": effort,
        "gap": gap,
        "seed": seed,
        "threads": threads,
        "best_effort": best_effort,
    }


def _ask(
    kind: str,
    scenario: Optional[Scenario],
    rest: Mapping[str, Any],
    on_progress: Optional[OnProgress] = None,
    cancel: Optional[Cancel] = None,
) -> Result:
    text = None if scenario is None else _text(scenario, "scenario")
    # What is left out is as on the command line; a time limit of None is no limit.
    body = _written({key: value for key, value in rest.items() if value is not None}, "")
    tell = None if on_progress is None else lambda line: on_progress(_json.loads(line))
    answer, exit_code, interrupted = _rota.ask(kind, text, body, tell, cancel)
    document = _json.loads(answer)
    if exit_code == _INTERNAL:
        raise RotaError("; ".join(finding["message"] for finding in document["list"]))
    if exit_code == _MISTAKE and kind != "validate":
        raise ScenarioError(_placed(document["list"], scenario))
    if exit_code == _MISTAKE:
        document["list"] = _placed(document["list"], scenario)
    if interrupted and exit_code == _UNKNOWN:
        raise KeyboardInterrupt
    return Result(document, exit_code, interrupted)


def _placed(findings: List[Dict[str, Any]], scenario: Optional[Scenario]) -> List[Dict[str, Any]]:
    """Without lines and columns where the caller has never seen the text that they count in."""
    if isinstance(scenario, (str, bytes, bytearray)):
        return findings
    return [
        {key: value for key, value in finding.items() if key not in ("line", "column")} for finding in findings
    ]


def _text(document: Any, what: str) -> str:
    """A document as text."""
    if isinstance(document, (bytes, bytearray)):
        try:
            document = bytes(document).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise _mistake(f"{what}.utf8", f"the {what} is not UTF-8 text (byte {error.start})", "encode it as UTF-8")
    if isinstance(document, str):
        try:
            document.encode("utf-8")
        except UnicodeEncodeError as error:
            raise _mistake(f"{what}.utf8", f"the {what} has half a character at {error.start}", "take it out")
        return document
    if isinstance(document, Result):
        return document.to_json() if "assignments" in document else _inner(document).to_json()
    if isinstance(document, _Mapping):
        return _written(document, "")
    kind = type(document).__name__
    raise TypeError(f"the {what} is to be a dict, or JSON as text or bytes, and is of type {kind}")


def _inner(result: Result) -> Result:
    """The roster in an answer."""
    roster = result.roster
    if roster is None:
        raise _mistake("roster.none", "this answer has no roster in it", "look at its status first")
    return roster


def _written(value: Any, pointer: str) -> str:
    """JSON, or what stands in its way."""
    try:
        return _json.dumps(value, allow_nan=False, default=_plain)
    except (ValueError, TypeError, RecursionError):
        found = _unwritable(value, pointer, 0)
        raise ScenarioError(found or [_finding("document.shape", pointer, "it is nested in itself or too deep")]) from None


def _plain(value: Any) -> Any:
    """Dates, and the numbers of NumPy and pandas."""
    if isinstance(value, _datetime.date) and not isinstance(value, _datetime.datetime):
        return value.isoformat()
    if isinstance(value, _Mapping):
        return dict(value)
    if callable(getattr(value, "item", None)) and not hasattr(value, "__len__"):
        return value.item()
    raise TypeError


def _unwritable(value: Any, pointer: str, depth: int) -> List[Dict[str, Any]]:
    """Everything in a document that is no JSON."""
    if depth > 100:
        return [_finding("document.shape", pointer, "it is nested in itself or too deep")]
    if isinstance(value, _Mapping):
        found = []
        for key, inner in value.items():
            below = pointer + "/" + str(key).replace("~", "~0").replace("/", "~1")
            if not isinstance(key, str):
                found.append(_finding("document.key", below, f"the key {key!r} is no text"))
            found += _unwritable(inner, below, depth + 1)
        return found
    if isinstance(value, (list, tuple)):
        return [
            finding
            for at, inner in enumerate(value)
            for finding in _unwritable(inner, f"{pointer}/{at}", depth + 1)
        ]
    if isinstance(value, float) and not _math.isfinite(value):
        return [_finding("document.number", pointer, f"{value} is no number that a document can hold")]
    try:
        _json.dumps(value, allow_nan=False, default=_plain)
    except (ValueError, TypeError):
        return [_finding("document.type", pointer, f"a value of type {type(value).__name__} is no JSON")]
    return []


def _finding(code: str, pointer: str, message: str) -> Dict[str, Any]:
    help = {
        "document.number": "leave it out, or give a finite number",
        "document.type": "give text, numbers, dates, lists and dicts",
        "document.key": "name fields with text",
    }.get(code, "give a plain document")
    return {"level": "error", "code": code, "message": message, "help": help, "pointer": pointer}


def _mistake(code: str, message: str, help: str) -> ScenarioError:
    return ScenarioError([{"level": "error", "code": code, "message": message, "help": help}])


def _spoken(finding: Mapping[str, Any]) -> str:
    """`error[headcount.nobody]: ... (rules[0].headcount.who, line 9); did you mean ...?`"""
    places = []
    if finding.get("pointer"):
        places.append(finding["pointer"])
    if finding.get("line"):
        places.append(f"line {finding['line']}, column {finding.get('column', 1)}")
    text = f"{finding['level']}[{finding['code']}]: {finding['message']}"
    text += f" ({'; '.join(places)})" if places else ""
    return text + (f"\n  help: {finding['help']}" if finding.get("help") else "")


def _day(day: Optional[Day]) -> Optional[str]:
    return day.isoformat() if isinstance(day, _datetime.date) else day
