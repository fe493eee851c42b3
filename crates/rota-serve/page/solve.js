/** Making the roster: progress, cancel, and what stands in the way where no roster keeps every rule. */

import * as api from "./api.js";
import { announce, button, fill, find, list, make } from "./dom.js";
import { changed, remember, state } from "./state.js";
import { adopt, busy, putScenario, withWayOut } from "./steps.js";
import { capital, count, level, number } from "./words.js";

/** Seconds between two things told to readers of speech. */
const EVERY = 10;

/** @type {() => void} */
let finished = () => {};

/** Says what to do when a roster is there. @param {() => void} listener */
export function whenSolved(listener) {
  finished = listener;
}

/** Makes the best roster. @param {boolean} [closest] the closest one, where the rules clash */
export function solve(closest = false) {
  if (!state.scenario) return;
  busy(async () => {
    const seconds = Number(/** @type {HTMLSelectElement} */ (find("seconds")).value);
    const body = { scenario: state.scenario, options: { time_limit: seconds, best_effort: closest } };
    fill(find("clash"));
    let told = -EVERY;
    const began = performance.now();
    try {
      const job = await api.solve(body, (event) => {
        const progress = event.progress === undefined ? event : event.progress;
        if (!progress) return;
        const words = inWords(progress);
        find("progress-words").textContent = words;
        if (progress.elapsed - told >= EVERY) {
          told = progress.elapsed;
          announce(words);
        }
      });
      showProgress(job.id, began);
      await settle(await job.result);
    } finally {
      hideProgress();
    }
  });
}

/** How the work stands. @param {any} progress */
export function inWords(progress) {
  const what = { building: "Reading the rules", conflict: "No roster keeps every rule; looking for what clashes", verifying: "Checking the roster" }[/** @type {string} */ (progress.doing)];
  if (what) return `${what} …`;
  const about = capital(level(progress.level));
  if (progress.best === null || progress.best === undefined) return `${about}: looking for a first roster …`;
  const best = `${about}: ${number(progress.best)} in the best roster so far`;
  if (progress.bound === null || progress.bound === undefined) return `${best}.`;
  const possible = Math.max(0, progress.best - progress.bound);
  return possible < 1e-6 ? `${best}; none is better (proved).` : `${best}; at most ${number(possible)} better is possible.`;
}

let clock = 0;

/** @param {string} id @param {number} began */
function showProgress(id, began) {
  const elapsed = make("span", { id: "elapsed", text: "0 s" });
  const stop = button("Stop and keep the best so far", () => {
    stop.setAttribute("disabled", "");
    announce("Stopping");
    api.cancel(id).catch(() => announce("It could not be stopped; it ends by itself when its time is up"));
  }, { id: "stop" });
  fill(find("progress"), make("div", { class: "spinner", "aria-hidden": "true" }), make("p", { id: "progress-words", text: "Waiting to begin …" }), make("p", {}, "Time: ", elapsed), stop);
  clock = window.setInterval(() => (elapsed.textContent = `${Math.round((performance.now() - began) / 1000)} s`), 500);
  find("solve").setAttribute("disabled", "");
}

function hideProgress() {
  window.clearInterval(clock);
  const had = find("progress").contains(document.activeElement);
  fill(find("progress"));
  find("solve").removeAttribute("disabled");
  if (had) find("solve").focus();
}

/** @param {any} roster what came of it */
async function settle(roster) {
  if (roster.assignments) {
    await adopt("A roster was made", roster, undefined, true);
    finished();
    return;
  }
  if (roster.status === "impossible") showClash(roster);
  else showUnknown(roster);
}

/** @param {any} roster */
function showUnknown(roster) {
  const seconds = number(roster.solve.seconds);
  const title = make("h2", { tabindex: "-1", text: "No roster yet" });
  fill(find("clash"), title, make("p", { class: "verdict", text: `Nothing was found in ${seconds} s, and it is not proved that there is none. Give it more time.` }));
  title.focus();
}

/** What clashes, and the ways out. @param {any} roster */
function showClash(roster) {
  const title = make("h2", { tabindex: "-1", id: "clash-title", text: "No roster keeps every rule (proved)" });
  const parts = (roster.conflict ?? []).map((/** @type {any} */ one) => `${capital(one.sentence)}${one.because ? ` (“${one.because}”)` : ""}`);
  const ways = roster.ways_out ?? [];
  const words = ways.length
    ? `${count(ways.length, "way out", "ways out")}; each was tried and gives a roster.`
    : "No way out was found: leave, home-only days or seats stand in the way. Look at those in the team.";
  fill(
    find("clash"),
    title,
    make("h3", { text: "These clash" }),
    list(parts),
    make("h3", { text: "What can be done" }),
    make("p", { text: words }),
    make("div", { class: "cards" }, ...ways.map(wayCard)),
    make("p", { class: "about", text: "Not looked at: calling in somebody who is away or at home only, or cancelling leave." }),
    button("Show the closest roster instead", () => solve(true), { id: "closest" }),
  );
  announce(`No roster keeps every rule. ${words}`);
  title.focus();
}

/** @param {any} way */
function wayCard(way) {
  return make("article", { class: "card way" }, make("h4", { text: `Way ${way.letter}` }), list(way.changes.map(changeWords)), button(`Apply ${way.letter} and make the roster`, () => apply(way), { class: "take" }));
}

/** @param {any} change */
function changeWords(change) {
  const because = change.because ? ` (“${change.because}”)` : "";
  if (!change.rule) return `Unlock: ${change.sentence}`;
  const numbers = Number.isFinite(change.found) && Number.isFinite(change.wanted) ? `allow ${number(change.found)} instead of ${number(change.wanted)}` : `make an exception of ${number(change.allow?.amount ?? 0)}`;
  return `${capital(numbers)}: ${change.sentence}${because}`;
}

/** @param {any} way */
async function apply(way) {
  await busy(async () => {
    const scenario = withWayOut(way);
    remember(`Way ${way.letter} applied`);
    await putScenario(scenario);
    fill(find("clash"));
    changed();
    announce(`Way ${way.letter} was applied`);
  });
  solve();
}
