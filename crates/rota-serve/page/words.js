/** Days, places, rules and costs in words. */

/** @typedef {{person: string, on: string, place: string, shift?: string, site?: string, zone?: string, desk?: string, duty?: string, needed_for?: string[]}} Assignment */

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** A date without a time. @param {string} iso like 2020-06-18 */
function date(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return new Date(Date.UTC(year, month - 1, day));
}

/** `Thu`. @param {string} iso */
export function weekday(iso) {
  return WEEKDAYS[date(iso).getUTCDay()];
}

/** `Thu 18 June`. @param {string} iso */
export function day(iso) {
  const found = date(iso);
  return `${weekday(iso)} ${found.getUTCDate()} ${MONTHS[found.getUTCMonth()]}`;
}

/** `18 Jun`. @param {string} iso */
export function shortDay(iso) {
  const found = date(iso);
  return `${found.getUTCDate()} ${MONTHS[found.getUTCMonth()].slice(0, 3)}`;
}

/** `18 Jun 2020`, as cells of sheets have it. @param {string} iso */
export function cellDay(iso) {
  return `${shortDay(iso)} ${iso.slice(0, 4)}`;
}

/** Whether a day begins a week. @param {string} iso @param {string|undefined} before the day shown before it */
export function beginsWeek(iso, before) {
  if (!before) return false;
  const monday = (/** @type {string} */ one) => {
    const found = date(one);
    return found.getTime() - ((found.getUTCDay() + 6) % 7) * 86_400_000;
  };
  return monday(iso) !== monday(before);
}

/** Today where the reader is. @returns {string} like 2020-06-18 */
export function today() {
  const now = new Date();
  const two = (/** @type {number} */ number) => String(number).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** `1 day`, `2 days`. @param {number} number @param {string} one @param {string} [many] */
export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** A number without a long tail. @param {number} value */
export function number(value) {
  return String(Math.round(value * 100) / 100);
}

/** `Amy, Ben and Jo`. @param {string[]} words @param {string} [last] */
export function joined(words, last = "and") {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${last} ${words[words.length - 1]}`;
}

/** First letter as a capital. @param {string} text */
export function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The sign of a person-day in the grid. @param {Assignment|undefined} one */
export function sign(one) {
  if (!one || one.place === "off") return "-";
  if (one.place === "home") return "home";
  const place = one.desk ?? one.zone ?? "in";
  return one.shift ? `${place} ${one.shift}` : place;
}

/** A person-day in words: `on site, desk D7, early shift`. @param {Partial<Assignment>|undefined} one */
export function place(one) {
  if (!one || one.place === "off") return "not working";
  if (one.place === "home") return "at home";
  const seat = one.desk ? `desk ${one.desk}` : one.zone;
  const shift = one.shift ? `${one.shift} shift` : undefined;
  return ["on site", seat, shift, one.duty].filter(Boolean).join(", ");
}

/** What reasons and laws are called where they are no rule of the scenario. */
const REASONS = {
  wish: "their own wish",
  only: "works on site only",
  pin: "this day is locked",
  "law.seats": "the number of free seats",
  "law.desk": "one person at a desk",
  "law.fixed": "a locked day",
  "law.only": "the place where they can work",
  "law.closed": "a closed day",
  "law.needs": "what the desk must have",
  "law.for": "desks kept for others",
  "law.place": "a place for everybody on site",
  "law.shift": "the shifts",
  "law.state": "days worked",
};

/**
 * A rule by its sentence and reason.
 * @param {string} id
 * @param {Array<{id: string, sentence: string, because: string|null}>} rules
 */
export function rule(id, rules) {
  const found = rules.find((one) => one.id === id);
  if (!found) return REASONS[/** @type {keyof typeof REASONS} */ (id)] ?? id;
  const because = found.because ? ` (“${found.because}”)` : "";
  return `${found.sentence}${because}`;
}

/** One broken or bent rule in a sentence. @param {any} breach */
export function breach(breach) {
  const found = Number.isFinite(breach.found) ? `: ${number(breach.found)} now` : "";
  const because = breach.because ? ` (“${breach.because}”)` : "";
  if (breach.kind === "wishes") return `Not granted: ${breach.sentence}`;
  return `${capital(breach.sentence)}${found}${because}`;
}

/** What a level is about. @param {string|null|undefined} level */
export function level(level) {
  if (level === "home_first") return "visits";
  return level ? `cost of ${level} rules` : "cost";
}

const ORDER = ["must", "high", "medium", "low"];

/** Whether one level comes no later than another. @param {string} one @param {string} other */
function before(one, other) {
  const at = (/** @type {string} */ name) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length);
  return at(one) <= at(other);
}

/**
 * The answer to a "why not", verdict first.
 * @param {any} answer of an explanation
 * @param {any[]} rules
 * @returns {{verdict: string, lines: string[]}}
 */
export function answer(answer, rules) {
  const lines = [];
  if (answer.against.length) {
    const against = answer.against.map((/** @type {string} */ id) => rule(id, rules));
    lines.push(`Changed by itself, it would go against: ${joined(against)}.`);
  }
  const told = { verdict: "", lines };
  if (answer.outcome === "kept") told.verdict = "It is so already.";
  else if (answer.outcome === "mistake") told.verdict = `${capital(answer.mistake ?? "It cannot be asked")}.`;
  else if (answer.outcome === "unknown") told.verdict = "No answer was found in the time there was.";
  else if (answer.outcome === "impossible") {
    told.verdict = "No roster that keeps every rule has it (proved).";
    lines.push(...answer.conflict.map((/** @type {any} */ part) => `In the way: ${part.sentence}`));
    if (!answer.conflict.length) lines.push("Leave, home days and the size of the group stand in the way, no other rule.");
  } else told.verdict = compared(answer);
  const instead = (answer.instead ?? []).filter((/** @type {any} */ one) => answer.outcome !== "dearer" || before(one.strength, answer.level));
  lines.push(...instead.slice(0, 5).map((/** @type {any} */ one) => `Instead: ${breach(one)}`));
  if (instead.length > 5) lines.push(`and ${instead.length - 5} more`);
  return told;
}

/** @param {any} answer */
function compared(answer) {
  const proved = answer.proved ? " (proved)" : " (the best found in time)";
  const more = answer.more ?? 0;
  if (answer.outcome === "as_good") return "It can be: another roster that has it is just as good.";
  const much = answer.level === "home_first" ? count(Math.round(Math.abs(more)), "visit") : `a cost of ${number(Math.abs(more))} in ${answer.level} rules`;
  if (answer.outcome === "better") return `It can be, and saves ${much}: this roster is not the best.`;
  return `It can be, but the best roster that has it takes ${much} more${proved}.`;
}
