// Solves a scenario in a process of its own: node process.mjs rota week.json [seconds]
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const [program, scenario, seconds] = process.argv.slice(2);
const rota = spawn(program, ["solve", "-", "--progress", "jsonl", "--cancel-on-close"]);
rota.stdin.on("error", () => {}); // it may have ended already
rota.stdin.write(readFileSync(scenario)); // and left open: closing it, or our end, ends the search
const cancel = () => rota.stdin.write('{"cancel": true}\n');
if (seconds) setTimeout(cancel, 1000 * seconds).unref();

createInterface({ input: rota.stderr }).on("line", (line) => {
  const { event, ...rest } = JSON.parse(line);
  if (event === "progress") console.error(`${rest.elapsed} s: best ${rest.best}, bound ${rest.bound}`);
  if (event === "finding") console.error(`${rest.finding.level}: ${rest.finding.message}`);
});

let answer = "";
rota.stdout.setEncoding("utf8").on("data", (text) => (answer += text));
rota.on("close", (code) => {
  const roster = JSON.parse(answer);
  if (code === 0) console.log(`${roster.status}: ${roster.assignments.length} person-days`);
  else console.log(code === 1 ? "no roster keeps every rule" : `exit code ${code}`);
  process.exitCode = code ?? 3;
});
