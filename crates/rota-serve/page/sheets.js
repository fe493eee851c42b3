/** The sheets of the scenario as tables to be edited: People, Away, Wishes, Desks, Calendar. */

import { announce, button, choice, fill, find, make } from "./dom.js";
import { state } from "./state.js";
import { capital, count } from "./words.js";

/** Sheets with a view of their own; rules have cards instead. */
export const TABLES = ["People", "Away", "Wishes", "Desks", "Calendar"];

/** @type {() => void} */
let edited = () => {};

/** Says what to call after every edit. @param {() => void} listener */
export function whenEdited(listener) {
  edited = listener;
}

/** Tells that a cell has changed. */
export function tellEdited() {
  edited();
}

/** The sheet of a name; made where it is missing. @param {string} name */
export function sheet(name) {
  let found = state.sheets.find((one) => one.name === name);
  if (!found) {
    const headings = form(name).columns.filter((/** @type {any} */ column) => column.usual).map((/** @type {any} */ column) => column.heading);
    found = { name, first: 0, rows: [headings] };
    state.sheets.push(found);
  }
  if (!found.rows.length) found.rows.push(form(name).columns.filter((/** @type {any} */ one) => one.usual).map((/** @type {any} */ one) => one.heading));
  return found;
}

/** The form of a sheet. @param {string} name */
export function form(name) {
  return state.forms.sheets.find((/** @type {any} */ one) => one.name === name);
}

/** A heading as it is compared. @param {string} text */
function plain(text) {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "_").replace(/^_|_$/g, "");
}

/** The number of a column; -1 where there is none. @param {{rows: string[][]}} table @param {string} heading */
export function columnOf(table, heading) {
  return table.rows[0].findIndex((one) => plain(one) === plain(heading));
}

/** The form of a column. @param {string} name @param {string} heading */
export function columnForm(name, heading) {
  const known = form(name).columns.find((/** @type {any} */ one) => plain(one.heading) === plain(heading));
  return known ?? { heading, kind: "text", words: [], about: null };
}

/** The text of a cell. @param {{rows: string[][]}} table @param {number} row @param {string} heading */
export function cell(table, row, heading) {
  return table.rows[row]?.[columnOf(table, heading)] ?? "";
}

/** Writes a cell; the column is made where it is missing. @param {{rows: string[][]}} table @param {number} row @param {string} heading @param {string} text */
export function write(table, row, heading, text) {
  let column = columnOf(table, heading);
  if (column < 0) {
    if (!text) return;
    column = addColumn(table, heading);
  }
  while (table.rows[row].length <= column) table.rows[row].push("");
  table.rows[row][column] = text;
}

/** @param {{rows: string[][]}} table @param {string} heading */
function addColumn(table, heading) {
  const width = Math.max(...table.rows.map((row) => row.length));
  for (const row of table.rows) while (row.length < width) row.push("");
  table.rows[0].push(heading);
  return width;
}

/** `B7`. @param {number} row @param {number} column both counted from 0 */
export function cellName(row, column) {
  let letters = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters;
  return letters + (row + 1);
}

/** What goes into a cell, as an input. @param {string} name of the sheet @param {string} heading @param {string} text @param {string} label */
export function input(name, heading, text, label) {
  const column = columnForm(name, heading);
  const listed = column.words.length && (column.kind === "words" || column.kind === "flag");
  const attributes = { "aria-label": label, "data-kind": column.kind };
  if (!listed) {
    const people = plain(heading) === "person" || (name === "Away" && plain(heading) === "name");
    return make("input", { type: "text", ...attributes, value: text, list: people ? "people-names" : null, autocomplete: "off", spellcheck: "false", placeholder: hint(column.kind) });
  }
  const words = ["", ...column.words];
  // A word that is none of them stays to be seen, with its mistake.
  const spoken = text.toLowerCase().replace(/_/g, " ");
  const known = words.find((word) => word === spoken);
  if (known === undefined) words.push(text);
  const usual = { Strength: "must", Base: "either" }[heading] ?? "";
  const select = make("select", attributes, ...words.map((word) => make("option", { value: word, text: word || usual })));
  /** @type {HTMLSelectElement} */ (select).value = known ?? text;
  return select;
}

/** @param {string} kind */
function hint(kind) {
  if (kind === "date" || kind === "day") return "18 Jun 2026";
  if (kind === "works") return "Mon-Thu";
  return null;
}

/** Where the mistakes of a cell are told. @param {string} name @param {number} row in the sheet @param {number} column */
export function mistakeId(name, row, column) {
  return `mistake-${plain(name)}-${cellName(row, column)}`;
}

/** Shows a sheet as a table. @param {HTMLElement} view @param {string} name */
export function showTable(view, name) {
  const table = sheet(name);
  const about = form(name).about;
  const add = button(name === "People" ? "Add a person" : "Add a row", () => addRow(view, name), { class: "add" });
  fill(
    view,
    make("h2", { text: name, id: `heading-${name}` }),
    about ? make("p", { class: "about", text: about }) : null,
    make("div", { class: "wide", role: "region", "aria-labelledby": `heading-${name}`, tabindex: "0" }, tableOf(view, name, table)),
    make("p", { class: "tools" }, add, columnAdder(view, name, table)),
    make("div", { class: "unplaced", "data-sheet": name }),
  );
  showMistakes(name);
}

/** @param {HTMLElement} view @param {string} name @param {{first: number, rows: string[][]}} table */
function tableOf(view, name, table) {
  const [headings, ...rows] = table.rows;
  const head = headings.map((heading, column) => make("th", { scope: "col", title: columnForm(name, heading).about }, heading, mistake(name, table.first, column)));
  const body = rows.map((row, at) => {
    const who = row[0] || `row ${at + 1}`;
    const cells = headings.map((heading, column) => cellOf(view, name, table, at + 1, column, heading));
    const remove = button("×", () => removeRow(view, name, at + 1), { class: "remove", "aria-label": `Remove ${who}`, title: `Remove ${who}` });
    return make("tr", {}, ...cells, make("td", { class: "end" }, remove));
  });
  return make(
    "table",
    { class: "sheet" },
    make("caption", { class: "unseen", text: `${name}: ${count(rows.length, "row")}` }),
    make("thead", {}, make("tr", {}, ...head, make("th", { scope: "col" }, make("span", { class: "unseen", text: "Remove" })))),
    make("tbody", {}, ...body),
  );
}

/** @param {string} name @param {number} row @param {number} column */
function mistake(name, row, column) {
  return make("span", { class: "mistake", id: mistakeId(name, row, column) });
}

/** @param {HTMLElement} view @param {string} name @param {any} table @param {number} row @param {number} column @param {string} heading */
function cellOf(view, name, table, row, column, heading) {
  const text = table.rows[row][column] ?? "";
  const own = column === 0 ? "" : `, ${table.rows[row][0] || `row ${row}`}`;
  const field = /** @type {HTMLInputElement} */ (input(name, heading, text, `${heading}${own}`));
  field.addEventListener("change", () => {
    const before = table.rows[row][column] ?? "";
    while (table.rows[row].length <= column) table.rows[row].push("");
    table.rows[row][column] = field.value.trim();
    if (name === "People" && plain(heading) === "name") renamed(before, field.value.trim());
    edited();
  });
  return make("td", { class: column === 0 ? "first" : "" }, field, mistake(name, table.first + row, column));
}

/** What is said of a person by name goes on being said of them. @param {string} before @param {string} after */
function renamed(before, after) {
  if (!before || !after) return;
  for (const name of ["Away", "Wishes"]) {
    const table = sheet(name);
    const column = columnOf(table, "Person");
    for (const row of table.rows.slice(1)) if (column >= 0 && row[column] === before) row[column] = after;
  }
}

/** @param {HTMLElement} view @param {string} name */
function addRow(view, name) {
  const table = sheet(name);
  table.rows.push(table.rows[0].map(() => ""));
  showTable(view, name);
  const inputs = view.querySelectorAll("tbody tr:last-child input, tbody tr:last-child select");
  /** @type {HTMLElement|undefined} */ (inputs[0])?.focus();
  announce("A row was added");
}

/** @param {HTMLElement} view @param {string} name @param {number} row */
function removeRow(view, name, row) {
  const table = sheet(name);
  const who = table.rows[row][0] || `row ${row}`;
  const also = name === "People" ? forget([cell(table, row, "Name"), cell(table, row, "Id")]) : 0;
  table.rows.splice(row, 1);
  showTable(view, name);
  announce(`${who} was removed${also ? `, with ${count(also, "row")} in Away and Wishes` : ""}`);
  const left = view.querySelectorAll("tbody tr");
  const next = /** @type {HTMLElement|null} */ (left[Math.min(row, left.length) - 1]?.querySelector(".remove") ?? view.querySelector(".add"));
  next?.focus();
  edited();
}

/** Takes away what was said of somebody. @param {string[]} names @returns {number} rows taken away */
function forget(names) {
  let gone = 0;
  for (const name of ["Away", "Wishes"]) {
    const table = sheet(name);
    const column = columnOf(table, "Person");
    if (column < 0) continue;
    const kept = table.rows.filter((row, at) => at === 0 || !row[column] || !names.includes(row[column]));
    gone += table.rows.length - kept.length;
    table.rows = kept;
  }
  return gone;
}

/** @param {HTMLElement} view @param {string} name @param {any} table */
function columnAdder(view, name, table) {
  const missing = form(name).columns.filter((/** @type {any} */ one) => columnOf(table, one.heading) < 0);
  if (!missing.length) return null;
  const [label, select] = choice("Add a column", [["", "choose"], ...missing.map((/** @type {any} */ one) => [one.heading, one.heading])], "");
  select.addEventListener("change", () => {
    if (!select.value) return;
    addColumn(table, select.value);
    const added = select.value;
    showTable(view, name);
    announce(`The column ${added} was added`);
  });
  return label;
}

/** Puts every mistake of a sheet at its cell, and the others below. @param {string} name */
export function showMistakes(name) {
  const view = find(`view-${name}`);
  for (const old of view.querySelectorAll(".mistake")) old.textContent = "";
  for (const old of view.querySelectorAll("[aria-invalid]")) {
    old.removeAttribute("aria-invalid");
    old.removeAttribute("aria-describedby");
  }
  const unplaced = [];
  for (const finding of state.findings.filter((one) => one.sheet === name && one.level !== "note")) {
    const place = finding.cell && view.querySelector(`[id="mistake-${plain(name)}-${finding.cell}"]`);
    if (place) put(place, finding);
    else unplaced.push(make("p", { class: finding.level }, sentence(finding)));
  }
  const rest = view.querySelector(".unplaced");
  if (rest) rest.replaceChildren(...unplaced);
}

/** @param {Element} place @param {any} finding */
function put(place, finding) {
  place.className = `mistake ${finding.level}`;
  place.textContent = [place.textContent, sentence(finding)].filter(Boolean).join(" ");
  const field = place.parentElement?.querySelector("input, select");
  if (field && finding.level === "error") field.setAttribute("aria-invalid", "true");
  field?.setAttribute("aria-describedby", place.id);
}

/** A finding with what to do. @param {any} finding */
export function sentence(finding) {
  const word = finding.level === "warning" ? "Look: " : "";
  const first = `${word}${capital(finding.message)}.`;
  const help = finding.help ? ` ${capital(finding.help)}${finding.help.endsWith("?") ? "" : "."}` : "";
  return `${first}${help}`.replace(/`([^`]*)`/g, "“$1”");
}
