/** The roster as a grid of people and days, worked by mouse and by keyboard. */

import { announce, button, fill, find, list, make } from "./dom.js";
import { byKey, days, key, lockOf, state } from "./state.js";
import { broken, change, lock, newsInWords, noSwap, swap, undo } from "./steps.js";
import { beginsWeek, breach, capital, count, day, number, place, sign, weekday, level } from "./words.js";

/** @typedef {import("./words.js").Assignment} Assignment */

/** @type {{person: string, on: string}|null} the cell that the keyboard is at */
let current = null;
/** @type {(one: Assignment) => void} */
let opened = () => {};

/** Says what opens when a cell is chosen. @param {(one: Assignment) => void} open */
export function whenOpened(open) {
  opened = open;
}

/** Shows the roster. @param {HTMLElement} view */
export function showRoster(view) {
  if (!state.roster?.assignments) {
    fill(view);
    return;
  }
  const hadFocus = view.contains(document.activeElement) && document.activeElement?.getAttribute("role") === "gridcell";
  fill(view, verdictOf(), newsOf(), make("h2", { class: "title", text: state.scenario.title ?? "Roster" }), make("div", { class: "wide", role: "region", "aria-label": "Roster", tabindex: "-1" }, grid()), legend(), lists());
  if (hadFocus) focusCell();
}

/** Puts the focus on the cell that was worked on. */
export function focusCell() {
  /** @type {HTMLElement|null} */ (document.querySelector('[role="gridcell"][tabindex="0"]'))?.focus();
}

/** The verdict in sentences. */
export function verdict() {
  const { roster } = state;
  const soft = broken(roster).some((/** @type {any} */ one) => one.strength !== "must");
  const musts = broken(roster).filter((/** @type {any} */ one) => one.strength === "must").length;
  const said = [];
  if (roster.musts_kept) said.push(soft ? "Every must rule is kept." : "Every rule is kept.");
  else said.push(`Not all rules are kept: ${count(musts, "must rule is", "must rules are")} broken.`);
  const wishes = roster.measures?.wishes;
  if (wishes?.asked) said.push(`${wishes.asked - wishes.refused} of ${count(wishes.asked, "wish is", "wishes are")} granted.`);
  if (roster.measures) said.push(`${count(roster.measures.on_site_days, "visit")}.`);
  return [...said, ...proof(roster)].join(" ");
}

/** @param {any} roster */
function proof(roster) {
  if (roster.byHand) return ["Changed by hand: whether another roster does better was not looked at."];
  if (roster.mended) return ["Changed as little as need be: whether a wholly new roster does better was not looked at."];
  if (roster.status === "optimal") return ["No roster does better (proved)."];
  const said = ["It is not proved that no roster is better."];
  for (const one of roster.levels ?? []) {
    if (!one.proved && one.cost > one.bound) said.push(`${capital(level(one.strength))}: ${number(one.cost)}; at most ${number(one.cost - one.bound)} better is possible.`);
  }
  return said;
}

function verdictOf() {
  const bad = state.roster.musts_kept ? "" : " bad";
  return make("p", { class: `verdict${bad}`, id: "verdict", text: verdict() });
}

function newsOf() {
  const news = make("div", { id: "news", class: "news" });
  if (state.undo.length) news.append(button(`Undo: ${state.undo[state.undo.length - 1].label}`, undo, { id: "undo" }));
  if (state.roster.byHand) {
    const bad = state.news.some((one) => one.strength === "must");
    news.append(make("p", { class: bad ? "bad" : "good", text: `${newsInWords()}.` }));
    if (state.news.length) news.append(list(state.news.map((one) => breach(one))));
  } else if (state.changed.size) news.append(make("p", { text: `${count(state.changed.size, "day has", "days have")} changed; they are marked with •.` }));
  return news.childNodes.length ? news : null;
}

function grid() {
  const shown = days(state.roster);
  const cells = byKey(state.roster);
  const people = state.scenario.people;
  if (!current || !cells.has(key(current.person, current.on))) current = { person: people[0].id, on: shown[0] };
  const marks = marksOf();
  const head = shown.map((on, at) => make("th", { scope: "col", class: columnClass(shown, at, marks.has(on)), abbr: day(on) }, make("span", { "aria-hidden": "true" }, weekday(on), make("br"), String(Number(on.slice(8)))), make("span", { class: "unseen", text: day(on) }), marks.has(on) ? make("span", { class: "mark", text: " !", title: "breaks a rule" }) : null));
  const rows = people.map((/** @type {any} */ person) => make(
    "tr",
    {},
    make("th", { scope: "row" }, person.name ?? person.id),
    ...shown.map((on, at) => cellOf(person, on, cells.get(key(person.id, on)), columnClass(shown, at, false), marks)),
  ));
  const table = make(
    "table",
    { class: "grid", role: "grid", id: "grid", "aria-describedby": "grid-help" },
    make("caption", { class: "unseen", text: state.scenario.title ?? "Roster" }),
    make("thead", {}, make("tr", {}, make("th", { scope: "col", text: "Name" }), ...head)),
    make("tbody", {}, ...rows),
    make("tfoot", {}, countRow(shown, cells)),
  );
  table.addEventListener("keydown", pressed);
  table.addEventListener("click", clicked);
  table.addEventListener("pointerdown", dragBegins);
  return table;
}

/** Person-days and days with a must rule broken, or with what the last step broke. */
function marksOf() {
  const marks = new Set();
  for (const one of [...broken(state.roster).filter((/** @type {any} */ found) => found.strength === "must"), ...state.news]) {
    const on = one.about?.on;
    // What is about a week or longer is no one day's.
    const isDay = !one.about?.to || one.about.to === on;
    if (on && isDay) marks.add(one.about.person ? key(one.about.person, on) : on);
  }
  return marks;
}

/** @param {string[]} shown @param {number} at @param {boolean} bad */
function columnClass(shown, at, bad) {
  return [beginsWeek(shown[at], shown[at - 1]) ? "week" : "", bad ? "marked" : ""].join(" ").trim();
}

/** @param {any} person @param {string} on @param {Assignment|undefined} one @param {string} column @param {Set<string>} marks */
function cellOf(person, on, one, column, marks) {
  const at = key(person.id, on);
  const kind = one?.place === "on_site" ? "in" : one?.place === "home" ? "at-home" : "off";
  const locked = lockOf(person.id, on) >= 0;
  const differs = state.changed.has(at);
  const bad = marks.has(at);
  const said = [`${person.name ?? person.id}, ${day(on)}: ${place(one)}`, locked ? "locked" : "", differs ? "changed" : "", bad ? "breaks a rule" : ""];
  const is = current?.person === person.id && current?.on === on;
  return make(
    "td",
    {
      role: "gridcell",
      tabindex: is ? "0" : "-1",
      class: [kind, column, bad ? "marked" : "", differs ? "differs" : ""].filter(Boolean).join(" "),
      "aria-label": said.filter(Boolean).join(", "),
      "data-person": person.id,
      "data-on": on,
    },
    make("span", { class: "sign", text: sign(one) }),
    make("span", { class: "mark", text: `${locked ? "*" : ""}${differs ? "•" : ""}${bad ? "!" : ""}` }),
  );
}

/** @param {string[]} shown @param {Map<string, Assignment>} cells */
function countRow(shown, cells) {
  const on = (/** @type {string} */ date) => [...cells.values()].filter((one) => one.on === date && one.place === "on_site").length;
  return make("tr", {}, make("th", { scope: "row", text: "On site" }), ...shown.map((date, at) => make("td", { class: `count ${columnClass(shown, at, false)}`, text: String(on(date)) })));
}

function legend() {
  const seated = state.roster.assignments.find((/** @type {Assignment} */ one) => one.desk ?? one.zone);
  const signs = seated ? `${seated.desk ?? seated.zone} = on site, ${seated.desk ? "desk " : ""}${seated.desk ?? seated.zone}` : "in = on site";
  return make("p", { class: "legend", id: "grid-help" }, `${signs}; home = working at home; - = not working; * = locked; • = changed; ! = breaks a rule. `, make("span", { class: "keys", text: "Arrow keys move; Enter opens a day; H puts it at home, L locks it. A day can be dragged onto another." }));
}

function lists() {
  const all = broken(state.roster);
  const musts = all.filter((/** @type {any} */ one) => one.strength === "must");
  const wishes = all.filter((/** @type {any} */ one) => one.strength !== "must" && one.kind === "wishes");
  const bent = all.filter((/** @type {any} */ one) => one.strength !== "must" && one.kind !== "wishes");
  const blocks = [["Must rules broken", musts], ["Wishes not granted", wishes], ["Softer rules bent", bent]].filter(([, found]) => found.length);
  return make("div", { class: "lists" }, ...blocks.map(([head, found]) => make("section", {}, make("h3", { text: /** @type {string} */ (head) }), ...shortList(/** @type {any[]} */ (found).map((one) => breach(one).replace(/^Not granted: /, ""))))));
}

/** Most lines of a list that are shown without being asked for. */
const MOST_LINES = 12;

/** @param {string[]} lines */
function shortList(lines) {
  if (lines.length <= MOST_LINES) return [list(lines)];
  const rest = lines.slice(MOST_LINES);
  return [list(lines.slice(0, MOST_LINES)), make("details", {}, make("summary", { text: `and ${rest.length} more` }), list(rest))];
}

// ---------------------------------------------------------------- keys

/** @param {Element|null} element @returns {Assignment|undefined} */
function assignmentOf(element) {
  const found = /** @type {HTMLElement|null} */ (element?.closest('[role="gridcell"]') ?? null);
  if (!found) return undefined;
  return byKey(state.roster).get(key(found.dataset.person ?? "", found.dataset.on ?? ""));
}

/** @param {KeyboardEvent} event */
function pressed(event) {
  const one = assignmentOf(/** @type {Element} */ (event.target));
  if (!one || event.altKey || event.metaKey) return;
  const to = neighbour(one, event);
  if (to) {
    event.preventDefault();
    go(to.person, to.on);
    return;
  }
  if (event.ctrlKey) return;
  const act = { Enter: () => opened(one), " ": () => opened(one), h: () => home(one), l: () => lock(one), ContextMenu: () => opened(one) }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (act) {
    event.preventDefault();
    act();
  }
}

/** @param {Assignment} one @param {KeyboardEvent} event @returns {{person: string, on: string}|undefined} */
function neighbour(one, event) {
  const people = state.scenario.people.map((/** @type {any} */ person) => person.id);
  const shown = days(state.roster);
  let [row, column] = [people.indexOf(one.person), shown.indexOf(one.on)];
  const [last, lastDay] = [people.length - 1, shown.length - 1];
  if (event.key === "ArrowUp") row -= 1;
  else if (event.key === "ArrowDown") row += 1;
  else if (event.key === "ArrowLeft") column -= 1;
  else if (event.key === "ArrowRight") column += 1;
  else if (event.key === "PageUp") row -= 10;
  else if (event.key === "PageDown") row += 10;
  else if (event.key === "Home") [row, column] = [event.ctrlKey ? 0 : row, 0];
  else if (event.key === "End") [row, column] = [event.ctrlKey ? last : row, lastDay];
  else return undefined;
  const within = (/** @type {number} */ value, /** @type {number} */ most) => Math.max(0, Math.min(most, value));
  return { person: people[within(row, last)], on: shown[within(column, lastDay)] };
}

/** @param {string} person @param {string} on */
function go(person, on) {
  const grid = find("grid");
  grid.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
  current = { person, on };
  const cell = /** @type {HTMLElement|null} */ (grid.querySelector(`[data-person="${CSS.escape(person)}"][data-on="${on}"]`));
  cell?.setAttribute("tabindex", "0");
  cell?.focus();
}

/** @param {Assignment} one */
function home(one) {
  if (one.place === "on_site") change(`${nameOf(one)} at home on ${day(one.on)}`, [{ person: one.person, on: one.on, place: "home" }]);
  else announce(one.place === "home" ? "At home already" : "Not working that day");
}

/** @param {Assignment} one */
function nameOf(one) {
  return state.scenario.people.find((/** @type {any} */ own) => own.id === one.person)?.name ?? one.person;
}

// ---------------------------------------------------------------- mouse

let dragged = false;

/** @param {MouseEvent} event */
function clicked(event) {
  if (dragged) {
    dragged = false;
    return;
  }
  const one = assignmentOf(/** @type {Element} */ (event.target));
  if (!one) return;
  go(one.person, one.on);
  opened(one);
}

/** A mouse drags; a finger scrolls. @param {PointerEvent} event */
function dragBegins(event) {
  const from = /** @type {Element} */ (event.target).closest('[role="gridcell"]');
  const one = assignmentOf(from);
  if (!one || !from || event.pointerType === "touch" || event.button !== 0) return;
  dragged = false;
  let over = /** @type {Element|null} */ (null);
  const move = (/** @type {PointerEvent} */ now) => {
    if (!dragged && Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) < 6) return;
    dragged = true;
    from.classList.add("dragged");
    over?.classList.remove("target", "no-target");
    over = document.elementFromPoint(now.clientX, now.clientY)?.closest('[role="gridcell"]') ?? null;
    const other = assignmentOf(over);
    if (other && over !== from) over?.classList.add(noSwap(one, other) ? "no-target" : "target");
    now.preventDefault();
  };
  const end = () => {
    document.removeEventListener("pointermove", move);
    document.removeEventListener("pointerup", end);
    document.removeEventListener("pointercancel", end);
    from.classList.remove("dragged");
    over?.classList.remove("target", "no-target");
    const other = assignmentOf(over);
    if (!dragged || !other || over === from) return;
    const why = noSwap(one, other);
    if (why) announce(why);
    else swap(one, other);
    setTimeout(() => (dragged = false));
  };
  document.addEventListener("pointermove", move);
  document.addEventListener("pointerup", end);
  document.addEventListener("pointercancel", end);
}
