/** What the reader does to roster and scenario, each step with what comes of it. Every step can be taken back. */

import * as api from "./api.js";
import { announce } from "./dom.js";
import { byKey, changed, key, lockOf, name, remember, state, takeBack } from "./state.js";
import { capital, count, day, place, shortDay } from "./words.js";

/** @typedef {import("./words.js").Assignment} Assignment */

/** The roster as the service reads it. @param {any} roster */
export function sent(roster) {
  const assignments = roster.assignments.map((/** @type {Assignment} */ one) => {
    const { needed_for: _, ...spot } = one;
    return spot;
  });
  return { roster: 1, assignments, cohorts: roster.cohorts ?? {} };
}

/** What a roster breaks, where it is not a burden shared. @param {any} judged */
export function broken(judged) {
  return (judged?.breaches ?? []).filter((/** @type {any} */ one) => one.cost > 0 && one.kind !== "fair");
}

/** Breaches that were not there before, or have grown. @param {any} before @param {any} after */
export function begun(before, after) {
  const about = (/** @type {any} */ one) => JSON.stringify([one.rule, one.about, one.limit]);
  const old = new Map(broken(before).map((/** @type {any} */ one) => [about(one), one.cost]));
  return broken(after).filter((/** @type {any} */ one) => one.cost > (old.get(about(one)) ?? 0) + 1e-9);
}

/**
 * Person-days that differ between two rosters.
 * @param {any} before @param {any} after
 * @param {boolean} [seats] whether another desk or zone is a difference
 * @returns {Set<string>}
 */
export function differences(before, after, seats = true) {
  const [old, now] = [byKey(before), byKey(after)];
  const said = (/** @type {Assignment|undefined} */ one) => place(seats || !one ? one : { ...one, zone: undefined, desk: undefined });
  return new Set([...now].filter(([at, one]) => old.has(at) && said(old.get(at)) !== said(one)).map(([at]) => at));
}

/**
 * Puts other person-days into the roster and shows at once what that breaks.
 * @param {string} label of the step: "Amy Walsh at home on Thu 18 June"
 * @param {Assignment[]} put
 */
export async function change(label, put) {
  const before = state.roster;
  const instead = new Map(put.map((one) => [key(one.person, one.on), one]));
  const assignments = before.assignments.map((/** @type {Assignment} */ one) => instead.get(key(one.person, one.on)) ?? one);
  await busy(async () => {
    const after = await judged(state.scenario, { ...before, assignments });
    remember(label);
    take(after, begun(before, after), differences(before, after), true);
    announce(`${label}. ${newsInWords()}`);
  });
}

/** The roster judged again, with what every visit is needed for. @param {any} scenario @param {any} roster */
export async function judged(scenario, roster) {
  const body = { scenario, roster: sent(roster) };
  const [check, file] = await Promise.all([api.ask("check", body), api.file("export", { ...body, to: "json", made: state.scenario.calendar.from })]);
  const document = JSON.parse(await file.blob.text());
  return { ...document, musts_kept: check.musts_kept, breaches: check.breaches, unchecked: check.unchecked };
}

/** What the last step broke. */
export function newsInWords() {
  const musts = state.news.filter((one) => one.strength === "must").length;
  if (musts) return `This breaks ${count(musts, "rule", "rules")} that must be kept`;
  if (state.news.length) return `Nothing that must be kept is broken; ${count(state.news.length, "wish or softer rule is", "wishes or softer rules are")} bent`;
  return "This breaks nothing";
}

/** @param {any} roster @param {any[]} news @param {Set<string>} differs @param {boolean} byHand */
function take(roster, news, differs, byHand) {
  Object.assign(state, { roster: { ...roster, byHand }, news, changed: differs });
  changed();
}

/** Swaps the days of two cells, or moves a visit. @param {Assignment} one @param {Assignment} other */
export async function swap(one, other) {
  const spot = (/** @type {Assignment} */ from, /** @type {Assignment} */ to) => {
    const { needed_for: _, ...rest } = from;
    return { ...rest, person: to.person, on: to.on };
  };
  const label = one.person === other.person
    ? `${name(one.person)}: ${day(one.on)} and ${day(other.on)} swapped`
    : `${day(one.on)}: ${name(one.person)} and ${name(other.person)} swapped`;
  await change(label, [spot(other, one), spot(one, other)]);
}

/** Why two cells cannot be swapped; none where they can. @param {Assignment} one @param {Assignment} other */
export function noSwap(one, other) {
  if (one.person !== other.person && one.on !== other.on) return "Drag to another day of the same person, or to another person on the same day.";
  if (one.place === "off" || other.place === "off") return "Who is not working that day cannot be given a day.";
  if (place(one) === place(other)) return "Both are the same already.";
  return undefined;
}

/**
 * Takes a new roster that was solved, covered or mended.
 * @param {string} label @param {any} roster
 * @param {any} [scenario] the scenario that it is of, where that has changed
 * @param {boolean} [searched] whether the best of all rosters was looked for
 */
export async function adopt(label, roster, scenario, searched = false) {
  const before = state.roster;
  if (before) remember(label);
  if (scenario) await putScenario(scenario);
  take({ ...roster, mended: !searched }, [], before ? differences(before, roster, !searched) : new Set(), false);
  announce(label);
}

/**
 * Changes the scenario; the sheets follow.
 * @param {any} scenario
 */
export async function putScenario(scenario) {
  const read = await api.read(scenario);
  Object.assign(state, { scenario: read.scenario ?? null, rules: read.rules, findings: read.findings });
  if (read.sheets) state.sheets = read.sheets;
  if (!read.scenario) throw new api.Refused(read.findings, 422);
}

/** A copy of the scenario to be changed. */
export function copy() {
  return structuredClone(state.scenario);
}

/** Locks a person-day as it stands, or unlocks it. @param {Assignment} one */
export async function lock(one) {
  const scenario = copy();
  const person = scenario.people.find((/** @type {any} */ own) => own.id === one.person);
  const at = lockOf(one.person, one.on);
  const label = `${name(one.person)}, ${day(one.on)}: ${at < 0 ? "locked" : "unlocked"}`;
  if (at < 0) person.fixed = [...(person.fixed ?? []), pin(one)];
  else person.fixed.splice(at, 1);
  if (person.fixed.length === 0) delete person.fixed;
  await busy(async () => {
    remember(label);
    try {
      await putScenario(scenario);
    } catch (problem) {
      takeBack();
      throw problem;
    }
    if (state.roster) state.roster = { ...(await judged(state.scenario, state.roster)), byHand: state.roster.byHand, mended: state.roster.mended, solve: state.roster.solve, levels: state.roster.levels, status: state.roster.status };
    changed();
    announce(label);
  });
}

/** @param {Assignment} one */
function pin(one) {
  const { on, place: where, shift, site, zone, desk } = one;
  const spot = { on, place: where, shift, site, zone, desk };
  return Object.fromEntries(Object.entries(spot).filter(([, value]) => value !== undefined));
}

/** Takes the last step back. */
export function undo() {
  const label = takeBack();
  if (!label) return;
  changed();
  announce(`Taken back: ${label}`);
}

/** Absences as they are said to the service. @param {Array<{person: string, from: string, to: string}>} absences */
export function absent(absences) {
  return absences.map(({ person, from, to }) => `${person}:${from === to ? from : `${from}..${to}`}`);
}

/** The scenario with absences in it. Why somebody is away is never asked. @param {Array<{person: string, from: string, to: string}>} absences */
export function withAbsences(absences) {
  const scenario = copy();
  for (const { person, from, to } of absences) {
    const own = scenario.people.find((/** @type {any} */ one) => one.id === person);
    own.away = [...(own.away ?? []), from === to ? from : { from, to }];
  }
  return scenario;
}

/** `Ben Okafor, 18 Jun to 19 Jun`. @param {{person: string, from: string, to: string}} one */
export function absenceInWords(one) {
  return `${name(one.person)}, ${one.from === one.to ? day(one.from) : `${shortDay(one.from)} to ${shortDay(one.to)}`}`;
}

/** A way out of a clash written into the scenario. @param {any} way */
export function withWayOut(way) {
  const scenario = copy();
  const pins = [];
  for (const one of way.changes) {
    if (one.rule) {
      const at = state.rules.findIndex((rule) => rule.id === one.rule);
      const rule = scenario.rules[at];
      rule.allow = [...(rule.allow ?? []), one.allow];
    } else if (one.pin) {
      const cut = one.pin.lastIndexOf("/");
      pins.push({ person: one.pin.slice(0, cut), at: Number(one.pin.slice(cut + 1)) });
    }
  }
  // Later locks first, so that the places of the others stay right.
  for (const { person, at } of pins.sort((one, other) => other.at - one.at)) {
    const own = scenario.people.find((/** @type {any} */ one) => one.id === person);
    own.fixed.splice(at, 1);
    if (own.fixed.length === 0) delete own.fixed;
  }
  return scenario;
}

/** Shows that something is under way and what went wrong with it. @param {() => Promise<void>} work */
export async function busy(work) {
  if (state.busy) return;
  state.busy = true;
  document.body.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (problem) {
    complain(problem);
  } finally {
    state.busy = false;
    document.body.removeAttribute("aria-busy");
  }
}

/** @type {(text: string[]) => void} */
let showProblem = () => {};

/** Says where problems are shown. @param {(text: string[]) => void} show */
export function whenWrong(show) {
  showProblem = show;
}

/** @param {any} problem */
function complain(problem) {
  if (!(problem instanceof api.Refused)) {
    showProblem([`This page has made a mistake: ${problem.message}`]);
    throw problem;
  }
  const findings = problem.findings.filter((/** @type {any} */ one) => one.level !== "note" && one.level !== "warning");
  showProblem(findings.map((/** @type {any} */ one) => `${capital(one.message)}.${one.help ? ` ${capital(one.help)}.` : ""}`));
}
