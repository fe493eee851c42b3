/** The page for managers: puts its parts together. */

import * as api from "./api.js";
import { absentOn, forgetCover, showCover } from "./cover.js";
import { closeDay, openDay, setUpDay, whenAbsent } from "./day.js";
import { announce, button, fill, find, make } from "./dom.js";
import { showFiles } from "./files.js";
import { focusCell, showRoster, verdict, whenOpened } from "./roster.js";
import { sayRules, showRules } from "./rules.js";
import { cell, sentence, sheet, showMistakes, showTable, TABLES, whenEdited } from "./sheets.js";
import { solve, whenSolved } from "./solve.js";
import { changed, mistakesOf, state, whenChanged } from "./state.js";
import { busy, whenWrong } from "./steps.js";
import { count } from "./words.js";

const VIEWS = ["Start", "People", "Away", "Wishes", "Rules", "Desks", "Calendar", "Roster"];
let shown = "Start";
/** Views whose tables are to be drawn anew. @type {Set<string>} */
const stale = new Set();

// ---------------------------------------------------------------- views

function setUpTabs() {
  const tabs = VIEWS.map((name) => make("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `view-${name}`, onclick: () => show(name) }, name));
  fill(find("tabs"), ...tabs);
  find("tabs").addEventListener("keydown", (event) => {
    const at = VIEWS.indexOf(shown);
    const enabled = VIEWS.filter((name) => !find(`tab-${name}`).hasAttribute("disabled"));
    const here = enabled.indexOf(VIEWS[at]);
    const to = { ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: enabled.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    const name = enabled[(to + enabled.length) % enabled.length];
    show(name);
    find(`tab-${name}`).focus();
  });
}

/** Shows a view. @param {string} name */
function show(name) {
  shown = name;
  for (const one of VIEWS) {
    const is = one === name;
    find(`view-${one}`).hidden = !is;
    find(`tab-${one}`).setAttribute("aria-selected", String(is));
    find(`tab-${one}`).setAttribute("tabindex", is ? "0" : "-1");
  }
  if (stale.has(name)) {
    stale.delete(name);
    draw(name);
  }
}

/** @param {string} name */
function draw(name) {
  if (TABLES.includes(name)) showTable(find(`view-${name}`), name);
  if (name === "Rules") showRules(find("view-Rules"));
}

/** Draws everything that depends on the scenario. */
function redraw() {
  for (const name of [...TABLES, "Rules"]) stale.add(name);
  const names = sheet("People").rows.slice(1).map((_, at) => cell(sheet("People"), at + 1, "Name") || cell(sheet("People"), at + 1, "Id"));
  fill(find("people-names"), ...names.filter(Boolean).map((value) => make("option", { value })));
  if (stale.delete(shown)) draw(shown);
}

/** Shows what has changed beside the sheets. */
function refresh() {
  const loaded = state.sheets.length > 0;
  for (const name of VIEWS.slice(1)) {
    const tab = find(`tab-${name}`);
    tab.toggleAttribute("disabled", !loaded);
    const mistakes = mistakesOf(name).length;
    fill(tab, name, mistakes ? make("span", { class: "badge", text: ` ${count(mistakes, "mistake")}` }) : null);
  }
  showState();
  find("make").hidden = !loaded;
  find("solve").toggleAttribute("disabled", !state.scenario || find("progress").childElementCount > 0);
  showRoster(find("roster"));
  showCover();
  showFiles();
}

/** Says above everything how the team stands. */
function showState() {
  const errors = state.findings.filter((one) => one.level === "error");
  const box = find("team-state");
  if (!state.sheets.length && !errors.length) return fill(box);
  if (!errors.length) {
    const people = state.scenario ? state.scenario.people.length : 0;
    return fill(box, make("p", { class: "good", text: `${state.scenario?.title ?? "Team"}: ${count(people, "person", "people")}, ${count(state.rules.length, "rule")}. Nothing is wrong with it.` }));
  }
  const items = errors.slice(0, 30).map((one) => {
    const place = one.sheet ? `${one.sheet}${one.cell ? ` ${one.cell}` : ""}: ` : one.line ? `line ${one.line}: ` : "";
    return make("li", {}, one.sheet && VIEWS.includes(one.sheet) && state.sheets.length ? button(`${place}${sentence(one)}`, () => goTo(one), { class: "link" }) : `${place}${sentence(one)}`);
  });
  const more = errors.length > 30 ? make("p", { text: `and ${errors.length - 30} more` }) : null;
  fill(box, make("p", { class: "bad", text: `${count(errors.length, "mistake")} to mend before a roster can be made:` }), make("ul", {}, ...items), more);
}

/** Goes to the cell of a mistake. @param {any} finding */
function goTo(finding) {
  show(finding.sheet);
  const cell = finding.cell && document.querySelector(`#view-${finding.sheet} [id$="-${finding.cell}"]`);
  const field = /** @type {HTMLElement|null} */ (cell?.parentElement?.querySelector("input, select") ?? find(`view-${finding.sheet}`).querySelector("input, select"));
  field?.focus();
}

// ---------------------------------------------------------------- the team

/** Takes a scenario in. @param {Blob|any} given @param {string} from what it came from */
async function open(given, from) {
  await busy(async () => {
    wrong([]);
    const read = await api.read(given);
    Object.assign(state, { scenario: read.scenario ?? null, rules: read.rules, findings: read.findings, sheets: read.sheets ?? [], roster: null, undo: [], news: [], changed: new Set() });
    forgetCover();
    fill(find("clash"));
    if (state.sheets.length) redraw();
    changed();
    announce(read.errors ? `${from}: ${count(read.errors, "mistake")}` : `${from} was read`);
    if (state.scenario) show("People");
  });
}

let waiting = 0;
let asked = 0;

/** After an edit in a sheet: reads the sheets again, soon. */
function edited() {
  window.clearTimeout(waiting);
  state.scenario = null;
  find("solve").setAttribute("disabled", "");
  waiting = window.setTimeout(reread, 250);
}

async function reread() {
  asked += 1;
  const mine = asked;
  try {
    const read = await api.read({ sheets: state.sheets });
    if (mine !== asked) return;
    // A roster belongs to the people it was made for.
    const people = (/** @type {any} */ scenario) => JSON.stringify((scenario?.people ?? []).map((/** @type {any} */ one) => one.id));
    const same = state.roster && new Set(state.roster.assignments?.map((/** @type {any} */ one) => one.person)).size === read.scenario?.people.length && state.roster.assignments.every((/** @type {any} */ one) => read.scenario.people.some((/** @type {any} */ own) => own.id === one.person));
    const dropped = read.scenario && state.roster && !same && people(read.scenario);
    Object.assign(state, { scenario: read.scenario ?? null, rules: read.rules, findings: read.findings, undo: [], news: [] });
    if (dropped) state.roster = null;
    for (const name of [...TABLES, "Rules"]) if (!stale.has(name)) showMistakes(name);
    sayRules();
    changed();
    announce(read.errors ? `${count(read.errors, "mistake")} in the team` : "Nothing is wrong with the team");
  } catch (problem) {
    wrong([/** @type {Error} */ (problem).message]);
  }
}

/** Shows problems above everything. @param {string[]} texts */
function wrong(texts) {
  const box = find("problem");
  if (!texts.length) return fill(box);
  closeDay();
  fill(box, ...texts.map((text) => make("p", { text })), button("Close", () => fill(box)));
  box.scrollIntoView({ block: "nearest" });
}

// ---------------------------------------------------------------- start

function setUpStart() {
  const file = /** @type {HTMLInputElement} */ (find("file"));
  file.addEventListener("change", async () => {
    const [given] = file.files ?? [];
    if (given) await open(given, given.name);
    file.value = "";
  });
  find("example").addEventListener("click", () => busyExample());
  find("solve").addEventListener("click", () => {
    show("Roster");
    solve();
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const [given] = event.dataTransfer?.files ?? [];
    if (given) open(given, given.name);
  });
}

async function busyExample() {
  /** @type {any} */
  let example = null;
  await busy(async () => {
    example = await api.get("/example.json");
  });
  if (example) await open(example, "The example");
}

function setUpToken() {
  const dialog = /** @type {HTMLDialogElement} */ (find("token-dialog"));
  const input = /** @type {HTMLInputElement} */ (find("token"));
  api.whenTokenIsNeeded((again) => new Promise((give) => {
    input.value = "";
    find("token-wrong").hidden = !again;
    dialog.addEventListener("close", () => give(dialog.returnValue === "give" ? input.value.trim() : ""), { once: true });
    dialog.returnValue = "";
    dialog.showModal();
  }));
}

async function begin() {
  setUpTabs();
  setUpStart();
  setUpToken();
  setUpDay();
  find("host").textContent = location.host;
  whenWrong(wrong);
  whenChanged(() => {
    if (state.sheets.length) for (const name of [...TABLES, "Rules"]) if (name !== shown || shown === "Roster") stale.add(name);
    refresh();
  });
  whenEdited(edited);
  whenOpened(openDay);
  whenAbsent(absentOn);
  whenSolved(() => {
    forgetCover();
    announce(verdict());
    focusCell();
  });
  show("Start");
  await busy(async () => {
    state.forms = await api.get("/v1/forms");
  });
  refresh();
}

begin();
