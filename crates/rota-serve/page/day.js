/** One person's day: why it is so, why it is not otherwise, and what can be done with it. */

import * as api from "./api.js";
import { button, choice, fill, find, list, make } from "./dom.js";
import { focusCell } from "./roster.js";
import { byKey, key, lockOf, name, person, state } from "./state.js";
import { broken, busy, change, lock, sent } from "./steps.js";
import { answer, breach, capital, day, joined, place, rule } from "./words.js";

/** @typedef {import("./words.js").Assignment} Assignment */

/** @type {(one: Assignment) => void} */
let markAbsent = () => {};

/** Says what to do when somebody is marked as away. @param {(one: Assignment) => void} mark */
export function whenAbsent(mark) {
  markAbsent = mark;
}

const panel = () => /** @type {HTMLDialogElement} */ (find("day"));

/** Makes the panel close with Escape and by its button. */
export function setUpDay() {
  panel().addEventListener("close", focusCell);
}

/** Opens a day. @param {Assignment} one */
export function openDay(one) {
  show(one);
  if (!panel().open) panel().showModal();
  /** @type {HTMLElement|null} */ (panel().querySelector("h2"))?.focus();
}

/** Closes the panel. */
export function closeDay() {
  if (panel().open) panel().close();
}

/** @param {Assignment} one */
function show(one) {
  const who = name(one.person);
  const locked = lockOf(one.person, one.on) >= 0;
  const title = make("h2", { tabindex: "-1", id: "day-title", text: `${who}, ${day(one.on)}` });
  const close = button("Close", closeDay, { class: "close" });
  const is = make("p", { class: "verdict", text: `${capital(place(one))}${locked ? ". This day is locked" : ""}.` });
  fill(panel(), make("div", { class: "bar" }, title, close), is, reasons(one), whyNot(one), one.place === "off" ? null : actions(one, locked));
}

/** Why the day is as it is. @param {Assignment} one */
function reasons(one) {
  if (one.place === "off") return make("p", { text: "Not working that day." });
  const refused = broken(state.roster).filter((/** @type {any} */ found) => found.about.person === one.person && found.about.on === one.on);
  const bent = refused.length ? list(refused.map((/** @type {any} */ found) => breach(found))) : null;
  if (one.place === "home") {
    const base = laidDown(one) === "home" ? "Works at home only that day." : "Nothing calls them in that day.";
    return make("div", { id: "reasons" }, make("p", { text: base }), bent);
  }
  const why = one.needed_for ?? [];
  if (!why.length) return make("div", { id: "reasons" }, make("p", { text: "Nothing asks for this visit; it could be a day at home." }), bent);
  return make("div", { id: "reasons" }, make("h3", { text: "Needed for" }), list(why.map((id) => `${capital(rule(id, state.rules))}`)), bent);
}

/** The one place in which somebody can work on a day; none where both can be. @param {Assignment} one */
function laidDown(one) {
  const own = person(one.person);
  if (own?.base && own.base !== "either") return own.base;
  const span = (own?.only ?? []).find((/** @type {any} */ only) => (!only.from || only.from <= one.on) && (!only.to || one.on <= only.to));
  return span?.place;
}

/** @param {Assignment} one */
function whyNot(one) {
  if (one.place === "off") return null;
  const other = one.place === "home" ? "on_site" : "home";
  const words = other === "home" ? "at home" : "on site";
  const told = make("div", { id: "why-not", "aria-live": "polite" });
  const ask = button(`Why not ${words}?`, () => busy(async () => {
    fill(told, make("p", { text: "Looking …" }));
    try {
      const body = { scenario: state.scenario, roster: sent(state.roster), why_not: [`${one.person}:${one.on}:${other}`], options: { time_limit: 20 } };
      const document = await api.ask("explain", body);
      const found = document.answers?.[0];
      const said = found ? answer(found, state.rules) : { verdict: "No roster keeps every rule, so nothing can be said of one day.", lines: [] };
      fill(told, make("p", { class: "verdict", text: said.verdict }), list(said.lines));
    } catch (problem) {
      fill(told);
      throw problem;
    }
  }));
  return make("section", {}, ask, told);
}

/** @param {Assignment} one @param {boolean} locked */
function actions(one, locked) {
  const who = name(one.person);
  const change = make("div", { class: "tools", id: "change-day" });
  if (one.place === "on_site") change.append(button("Change to home", () => put(`${who} at home on ${day(one.on)}`, { person: one.person, on: one.on, place: "home" })));
  const seat = make("div", { class: "tools" });
  change.append(button(one.place === "on_site" ? "Another desk or shift" : "Change to on site", () => offerSeats(one, seat)));
  const rest = make(
    "div",
    { class: "tools" },
    button(locked ? "Unlock this day" : "Lock this day", async () => {
      await lock(one);
      again(one);
    }),
    button("Away that day: who can cover?", () => {
      closeDay();
      markAbsent(one);
    }),
  );
  return make("section", {}, make("h3", { text: "Change this day" }), change, seat, rest);
}

/** @param {string} label @param {Assignment} one */
async function put(label, one) {
  closeDay();
  await change(label, [one]);
}

/** Shows the day anew after a step. @param {Assignment} one */
function again(one) {
  const now = byKey(state.roster).get(key(one.person, one.on));
  if (now && panel().open) {
    show(now);
    /** @type {HTMLElement|null} */ (panel().querySelector("h2"))?.focus();
  }
}

/** Asks which seat and shift; the free ones alone are offered. @param {Assignment} one @param {HTMLElement} at */
async function offerSeats(one, at) {
  await busy(async () => {
    const seats = await seatsOf(one);
    const shifts = state.scenario.calendar.shifts ?? [];
    const who = name(one.person);
    if (!seats.length && state.scenario.sites?.length) {
      fill(at, make("p", { text: `Nothing is free for ${who} on ${day(one.on)}.` }));
      return;
    }
    const labels = [];
    const [seatLabel, seat] = choice("Seat", seats.map((own, number) => [String(number), own.words]));
    if (seats.length) labels.push(seatLabel);
    const [shiftLabel, shift] = choice("Shift", shifts.map((/** @type {any} */ own) => [own.id, own.name ?? own.id]), one.shift ?? shifts[0]?.id);
    if (shifts.length) labels.push(shiftLabel);
    const go = button("Put on site", () => {
      const spot = seats.length ? seats[Number(seat.value)].spot : {};
      const put_ = { person: one.person, on: one.on, place: "on_site", ...(shifts.length ? { shift: shift.value } : {}), ...spot };
      put(`${who} ${place(put_)} on ${day(one.on)}`, put_);
    });
    fill(at, ...labels, go);
    (labels.length ? (seats.length ? seat : shift) : go).focus();
  });
}

/** @param {Assignment} one @returns {Promise<Array<{words: string, spot: any}>>} */
async function seatsOf(one) {
  if (!state.scenario.sites?.length) return [];
  const free = await api.ask("free", { scenario: state.scenario, roster: sent(state.roster), on: one.on, person: one.person });
  const siteOf = (/** @type {string} */ zone) => state.scenario.sites.find((/** @type {any} */ site) => site.zones?.some((/** @type {any} */ own) => own.id === zone))?.id;
  const desks = free.desks.map((/** @type {any} */ own) => ({
    words: joined([`desk ${own.desk}`, own.zone], "in"),
    spot: { site: siteOf(own.zone), zone: own.zone, desk: own.desk },
  }));
  const zones = free.seats.map((/** @type {any} */ own) => ({ words: `${own.zone} (${own.seats} free)`, spot: { site: siteOf(own.zone), zone: own.zone } }));
  return [...desks, ...zones];
}
