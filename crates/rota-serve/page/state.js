/** What the page knows. It lives in this tab alone. */

/** @typedef {import("./words.js").Assignment} Assignment */

/**
 * @typedef {object} State
 * @property {any} forms sheets and rules as forms
 * @property {Array<{name: string, first: number, rows: string[][]}>} sheets the scenario as sheets
 * @property {any} scenario the scenario; null while there are mistakes in it
 * @property {any[]} rules names and sentences of its rules
 * @property {any[]} findings mistakes, warnings and notes
 * @property {any} roster the roster document shown; null before there is one
 * @property {any} check how the roster is judged now
 * @property {any} shown the roster document before the last solve, to show what has changed
 * @property {Set<string>} changed person-days that the last step changed
 * @property {any[]} news what the last change broke
 * @property {Array<{label: string, scenario: any, roster: any, sheets: any, rules: any, findings: any}>} undo
 * @property {boolean} busy
 */

/** @type {State} */
export const state = {
  forms: null,
  sheets: [],
  scenario: null,
  rules: [],
  findings: [],
  roster: null,
  check: null,
  shown: null,
  changed: new Set(),
  news: [],
  undo: [],
  busy: false,
};

/** @type {Array<() => void>} */
const listeners = [];

/** Calls a function after every change. @param {() => void} listener */
export function whenChanged(listener) {
  listeners.push(listener);
}

/** Tells everybody that something has changed. */
export function changed() {
  for (const listener of listeners) listener();
}

/** The key of a person-day. @param {string} person @param {string} on */
export function key(person, on) {
  return `${person}|${on}`;
}

/** The person-days of a roster by their key. @param {any} roster @returns {Map<string, Assignment>} */
export function byKey(roster) {
  return new Map((roster?.assignments ?? []).map((/** @type {Assignment} */ one) => [key(one.person, one.on), one]));
}

/** The days shown, in order. @param {any} roster @returns {string[]} */
export function days(roster) {
  return [...new Set((roster?.assignments ?? []).map((/** @type {Assignment} */ one) => one.on))].sort();
}

/** The name of a person. @param {string} id */
export function name(id) {
  return state.scenario?.people.find((/** @type {any} */ one) => one.id === id)?.name ?? id;
}

/** The person with an id. @param {string} id */
export function person(id) {
  return state.scenario?.people.find((/** @type {any} */ one) => one.id === id);
}

/** The place of the lock of a person-day in the person's list; -1 where it is not locked. @param {string} id @param {string} on */
export function lockOf(id, on) {
  return (person(id)?.fixed ?? []).findIndex((/** @type {any} */ pin) => pin.on === on);
}

/** Remembers everything before a step, so that it can be taken back. @param {string} label */
export function remember(label) {
  const { scenario, roster, sheets, rules, findings } = state;
  state.undo.push({ label, scenario, roster, sheets: structuredClone(sheets), rules, findings });
  if (state.undo.length > 50) state.undo.shift();
}

/** Takes the last step back. @returns {string|undefined} what was taken back */
export function takeBack() {
  const last = state.undo.pop();
  if (!last) return undefined;
  const { label, ...before } = last;
  Object.assign(state, before, { news: [], changed: new Set() });
  return label;
}

/** Mistakes of one sheet. @param {string} sheet */
export function mistakesOf(sheet) {
  return state.findings.filter((one) => one.level === "error" && one.sheet === sheet);
}

/** Whether there is a team without mistakes. */
export function isReady() {
  return state.scenario !== null;
}
