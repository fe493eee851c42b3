/** Files in and out. */

import * as api from "./api.js";
import { announce, button, fill, find, make, save } from "./dom.js";
import { state } from "./state.js";
import { busy, sent } from "./steps.js";
import { today } from "./words.js";

/** What a roster can be saved as. */
const ROSTERS = [["xlsx", "Spreadsheet (XLSX)"], ["html", "Page to print (HTML)"], ["ics", "Calendars (ICS)"], ["csv", "Table (CSV)"], ["json", "Roster (JSON)"]];

/** Shows what can be saved. */
export function showFiles() {
  const view = find("files");
  const roster = state.roster?.assignments ? ROSTERS.map(([to, words]) => button(words, () => saveRoster(to), { class: "save", "data-to": to })) : [];
  const team = state.scenario ? [button("Team (XLSX)", () => saveTeam("xlsx"), { class: "save", "data-to": "team" }), button("Team (JSON)", () => saveTeam("json"), { class: "save", "data-to": "team-json" })] : [];
  if (!team.length) {
    fill(view);
    return;
  }
  const draft = roster.length ? make("p", { class: "about", text: "What is given out holds names, days and places: no wishes, no limits, no reasons. The roster as JSON is for you and for programs." }) : null;
  fill(view, make("h2", { text: "Save" }), draft, make("div", { class: "tools" }, ...roster, ...team, roster.length ? button("Print", () => window.print()) : null));
}

/** @param {string} to */
function saveRoster(to) {
  busy(async () => {
    const { blob, name } = await api.file("export", { scenario: state.scenario, roster: sent(state.roster), to, made: today() });
    save(blob, name);
    announce(`Saved ${name}`);
  });
}

/** @param {string} to */
function saveTeam(to) {
  busy(async () => {
    if (to === "json") {
      const text = `${JSON.stringify(state.scenario, null, 2)}\n`;
      save(new Blob([text], { type: "application/json" }), "team.json");
      announce("Saved team.json");
      return;
    }
    const { blob, name } = await api.file("workbook", { scenario: state.scenario });
    save(blob, name);
    announce(`Saved ${name}`);
  });
}
