/** When people are away: who can cover, or the fewest changes that mend the roster. */

import * as api from "./api.js";
import { announce, button, choice, fill, find, list, make } from "./dom.js";
import { days, name, state } from "./state.js";
import { absenceInWords, absent, adopt, busy, sent, withAbsences } from "./steps.js";
import { breach, capital, count, day, joined, place, today } from "./words.js";

/** @typedef {{person: string, from: string, to: string}} Absence */

/** @type {Absence[]} */
let absences = [];

/** Shows the part about absences; empty without a roster. */
export function showCover() {
  const view = find("cover");
  if (!state.roster?.assignments) {
    absences = [];
    fill(view);
    return;
  }
  if (view.querySelector("#absence-form")) return;
  renew();
}

/** Marks somebody as away and asks who can cover. @param {{person: string, on: string}} one */
export function absentOn(one) {
  absences.push({ person: one.person, from: one.on, to: one.on });
  renew();
  find("cover-title").focus();
  ask();
}

/** Forgets absences and choices, when another roster is shown. */
export function forgetCover() {
  absences = [];
  fill(find("cover"));
  showCover();
}

function renew() {
  const people = state.scenario.people.map((/** @type {any} */ one) => [one.id, one.name ?? one.id]);
  const shown = days(state.roster).map((on) => /** @type {[string, string]} */ ([on, day(on)]));
  const [personLabel, person] = choice("Who", people);
  const [fromLabel, from] = choice("From", shown);
  const [toLabel, to] = choice("To", shown);
  from.addEventListener("change", () => {
    if (to.value < from.value) to.value = from.value;
  });
  const add = button("Add this absence", () => {
    const [first, last] = [from.value, to.value].sort();
    absences.push({ person: person.value, from: first, to: last });
    renew();
    announce("Added");
    /** @type {HTMLElement} */ (find("ask-cover")).focus();
  });
  fill(
    find("cover"),
    make("h2", { id: "cover-title", tabindex: "-1", text: "Somebody is away" }),
    make("p", { class: "about", text: "No reason is asked for, and none is kept." }),
    make("div", { class: "tools", id: "absence-form" }, personLabel, fromLabel, toLabel, add),
    absences.length ? given() : null,
    make("div", { class: "tools" },
      button("Who can cover?", ask, { id: "ask-cover", disabled: !absences.length }),
      button("Mend with the fewest changes", mend, { id: "ask-mend" })),
    make("div", { id: "choices", "aria-live": "polite" }),
  );
}

function given() {
  const items = absences.map((one, at) => make("span", {}, `${absenceInWords(one)} `, button("Remove", () => {
    absences.splice(at, 1);
    renew();
    find("cover-title").focus();
  }, { "aria-label": `Remove ${absenceInWords(one)}` })));
  return list(items);
}

/** Today, where it lies in the roster: what is past is not changed. */
function now() {
  const shown = days(state.roster);
  const here = today();
  return here >= shown[0] && here <= shown[shown.length - 1] ? { today: here } : {};
}

/** @param {string} text */
function wait(text) {
  fill(find("choices"), make("p", { text }));
}

function ask() {
  busy(async () => {
    wait("Looking for who can cover …");
    try {
      const found = await api.ask("cover", { scenario: state.scenario, roster: sent(state.roster), absent: absent(absences), ...now() });
      showChoices(found);
    } catch (problem) {
      fill(find("choices"));
      throw problem;
    }
  });
}

/** @param {any} found */
function showChoices(found) {
  const missing = list(found.missing.map((/** @type {any} */ one) => breach(one)));
  const verdict = {
    nobody_needed: "Nobody need be asked: the roster keeps every must rule without them.",
    nobody_can: "Nobody who may be asked puts this right while the others stay where they are. Mend with the fewest changes looks further.",
  }[/** @type {string} */ (found.answer)] ?? `${count(found.choices.length, "choice")}. The first is the best.`;
  const notAsked = found.not_asked.length ? make("p", { text: `Not asked: ${joined(found.not_asked.map(name))} (at home that day, and that is fixed).` }) : null;
  const later = found.later.length ? make("div", {}, make("h3", { text: "What goes wrong on other days" }), list(found.later.map((/** @type {any} */ one) => breach(one)))) : null;
  fill(find("choices"), make("p", { class: "verdict", text: verdict }), found.missing.length ? make("h3", { text: "Missing without them" }) : null, found.missing.length ? missing : null, make("div", { class: "cards" }, ...found.choices.map(choiceCard)), notAsked, later);
}

/** @param {any} one @param {number} at */
function choiceCard(one, at) {
  const asks = [...new Map(one.ask.map((/** @type {any} */ own) => [own.person, own])).keys()].map(name);
  const title = asks.length ? `${at + 1}. Ask ${joined(asks)}` : `${at + 1}. Nobody is asked`;
  const where = one.ask.map((/** @type {any} */ own) => `${name(own.person)}, ${day(own.on)}: ${place({ ...own.new, place: own.new.place })}`);
  const instead = one.instead?.map((/** @type {any} */ own) => `or ${joined(own.people.map(name), "or")} in place of ${name(own.of)}`) ?? [];
  const bends = [...one.breaches.begun, ...one.breaches.changed.map((/** @type {any} */ own) => own.breach ?? own)].filter((own) => own.cost > 0 && own.kind !== "fair");
  const often = one.ask.filter((/** @type {any} */ own) => own.on_site_that_week > 2).map((/** @type {any} */ own) => `${name(own.person)} is then in on ${own.on_site_that_week} days that week`);
  const also = (one.also ?? []).map((/** @type {any} */ own) => `Later: ${name(own.person)}, ${day(own.on)}, ${place(own.new)} puts the rest right`);
  const left = one.left.map((/** @type {any} */ own) => `Still broken: ${breach(own)}`);
  const bent = [...new Set([...bends.map((own) => breach(own)), ...often])];
  return make(
    "article",
    { class: "card choice" },
    make("h3", { text: title }),
    list([...where, ...instead]),
    make("p", { text: bent.length ? "What it bends:" : "What it bends: nothing." }),
    bent.length ? list(bent) : null,
    also.length + left.length ? list([...also, ...left]) : null,
    messages(one.messages),
    button(asks.length ? `Take choice ${at + 1}` : "Put this absence into the roster", () => take(at + 1, asks), { class: "take" }),
  );
}

/** Messages to send, each to be copied. @param {Array<{person: string, text: string}>} all */
function messages(all) {
  if (!all.length) return null;
  const one = (/** @type {{person: string, text: string}} */ message) => make("div", { class: "message" },
    make("strong", { text: `To ${name(message.person)}: ` }), make("span", { text: message.text }), " ",
    button("Copy", () => copy(message.text), { "aria-label": `Copy the message to ${name(message.person)}` }));
  return make("details", { open: true }, make("summary", { text: count(all.length, "message to send", "messages to send") }), ...all.map(one));
}

/** @param {string} text */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    announce("Copied");
  } catch {
    announce("This browser does not let the page copy; mark the text and copy it by hand");
  }
}

/** @param {number} number @param {string[]} asks */
function take(number, asks) {
  busy(async () => {
    const roster = await api.ask("cover", { scenario: state.scenario, roster: sent(state.roster), absent: absent(absences), take: number, ...now() });
    const scenario = withAbsences(absences);
    absences = [];
    await adopt(`${joined(asks) || "Nobody"} will cover`, roster, scenario);
    forgetCover();
    find("verdict").scrollIntoView({ block: "center" });
  });
}

function mend() {
  busy(async () => {
    wait("Looking for the fewest changes …");
    try {
      const body = { scenario: state.scenario, roster: sent(state.roster), absent: absent(absences), options: { time_limit: 60 }, ...now() };
      showMended(await api.ask("replan", body));
    } catch (problem) {
      fill(find("choices"));
      throw problem;
    }
  });
}

/** @param {any} found */
function showMended(found) {
  const view = find("choices");
  if (found.result !== "mended") {
    const words = found.result === "impossible" ? "No roster keeps every must rule with this (proved). These clash:" : "No roster was found in the time there was.";
    const parts = [...(found.conflict?.parts ?? []), ...(found.conflict?.past ?? [])];
    fill(view, make("p", { class: "verdict", text: words }), list(parts.map((/** @type {any} */ one) => capital(one.sentence))));
    return;
  }
  const changes = [...found.changes, ...found.seats];
  const least = found.least?.proved ? ", and fewer will not do (proved)" : "";
  const verdict = changes.length ? `${count(found.changes.length, "day changes", "days change")}${least}.` : "Nothing needs to change.";
  const lines = changes.map((/** @type {any} */ one) => `${name(one.person)}, ${day(one.on)}: ${place(one.old)} becomes ${place(one.new)}`);
  const use = button("Use this roster", () => busy(async () => {
    const scenario = absences.length ? withAbsences(absences) : undefined;
    absences = [];
    await adopt(`Mended: ${verdict}`, found.roster, scenario);
    forgetCover();
  }), { class: "take" });
  fill(view, make("p", { class: "verdict", text: verdict }), list(lines), messages(found.messages), use);
}
