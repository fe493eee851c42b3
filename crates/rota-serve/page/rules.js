/** The rules as cards: each with the fields that it reads, under the names of the sheet Rules. */

import { announce, button, choice, fill, make } from "./dom.js";
import { cell, columnForm, columnOf, input, mistakeId, sheet, showMistakes, tellEdited, write } from "./sheets.js";
import { state } from "./state.js";
import { capital } from "./words.js";

/** Fields that stand beside those of every rule. */
const BESIDE = ["Strength", "Weight", "Because", "Id"];

/** @param {string} name */
function ruleForm(name) {
  const plain = name.trim().toLowerCase().replace(/[ -]/g, "_");
  return state.forms.rules.find((/** @type {any} */ one) => one.name === plain);
}

/** Shows the rules. @param {HTMLElement} view */
export function showRules(view) {
  const table = sheet("Rules");
  const cards = table.rows.slice(1).map((_, at) => card(view, at + 1));
  fill(
    view,
    make("h2", { text: "Rules" }),
    make("p", { class: "about", text: "must: always kept. high, medium, low: kept as far as can be, in that order. off: not read." }),
    make("div", { class: "cards", id: "rule-cards" }, ...cards),
    adder(view),
    make("div", { class: "unplaced", "data-sheet": "Rules" }),
  );
  showMistakes("Rules");
}

/** Says anew what each rule asks, after an edit. */
export function sayRules() {
  document.querySelectorAll("#rule-cards .sentence").forEach((element, at) => {
    element.textContent = sentence(at + 1);
  });
}

/** @param {number} row */
function sentence(row) {
  const table = sheet("Rules");
  const said = state.rules.length === table.rows.length - 1 ? state.rules[row - 1] : undefined;
  if (said) return capital(said.sentence);
  return ruleForm(cell(table, row, "Rule"))?.asks ?? "Choose a rule";
}

/** @param {HTMLElement} view @param {number} row */
function card(view, row) {
  const table = sheet("Rules");
  const name = cell(table, row, "Rule");
  const known = ruleForm(name);
  const own = known ? known.fields : [];
  const headings = ["Rule", ...own, ...BESIDE];
  // Whatever else stands in the row is shown too: nothing hidden is read.
  for (const heading of table.rows[0]) if (heading && cell(table, row, heading) && !headings.some((one) => columnOf(table, one) === columnOf(table, heading))) headings.push(heading);
  const title = make("h3", { class: "sentence", text: sentence(row) });
  const fields = headings.map((heading) => field(view, row, heading, known?.needed.includes(heading)));
  const remove = button("Remove this rule", () => removeRule(view, row), { class: "remove-rule" });
  return make("article", { class: "card rule", "aria-label": `Rule ${row}` }, title, make("div", { class: "fields" }, ...fields), remove);
}

/** @param {HTMLElement} view @param {number} row @param {string} heading @param {boolean} [needed] */
function field(view, row, heading, needed) {
  const table = sheet("Rules");
  const form = columnForm("Rules", heading);
  const control = /** @type {HTMLInputElement} */ (input("Rules", heading, cell(table, row, heading), heading));
  control.removeAttribute("aria-label");
  if (heading === "Who") control.placeholder = "everyone";
  control.addEventListener("change", () => {
    write(table, row, heading, control.value.trim());
    if (heading === "Rule") {
      showRules(view);
      /** @type {HTMLElement|null} */ (view.querySelectorAll(".rule")[row - 1]?.querySelector("select"))?.focus();
    }
    tellEdited();
  });
  const column = columnOf(table, heading);
  const mistake = column < 0 ? null : make("span", { class: "mistake", id: mistakeId("Rules", table.first + row, column) });
  const words = needed ? `${heading} (needed)` : heading;
  return make("div", { class: heading === "Because" ? "field long" : "field" }, make("label", { title: form.about }, make("span", { text: words }), control), mistake);
}

/** @param {HTMLElement} view */
function adder(view) {
  const rules = state.forms.rules.map((/** @type {any} */ one) => [one.name, `${one.name.replace(/_/g, " ")}: ${one.asks}`]);
  const [label, select] = choice("Add a rule", rules, "headcount");
  const add = button("Add it", () => {
    const table = sheet("Rules");
    table.rows.push(table.rows[0].map(() => ""));
    write(table, table.rows.length - 1, "Rule", select.value);
    showRules(view);
    const last = view.querySelector(".rule:last-child");
    /** @type {HTMLElement|null} */ (last?.querySelectorAll("input, select")[1])?.focus();
    announce("A rule was added; fill in its fields");
    tellEdited();
  });
  return make("div", { class: "tools" }, label, add);
}

/** @param {HTMLElement} view @param {number} row */
function removeRule(view, row) {
  const said = sentence(row);
  sheet("Rules").rows.splice(row, 1);
  showRules(view);
  announce(`Removed: ${said}`);
  const cards = view.querySelectorAll(".rule");
  const next = cards[Math.min(row, cards.length) - 1]?.querySelector("select") ?? view.querySelector("select");
  /** @type {HTMLElement|null} */ (next)?.focus();
  tellEdited();
}
