/** Talks to the service that served this page, and to nobody else. The token is kept in memory only. */

/** Why the service gave no answer: findings with words and help. */
export class Refused extends Error {
  /** @param {any[]} findings @param {number} status */
  constructor(findings, status) {
    super(findings[0]?.message ?? "the service gave no answer");
    this.findings = findings;
    this.status = status;
  }
}

let token = "";
/** @type {(again: boolean) => Promise<string>} */
let askForToken = async () => "";

/** Says how the reader is asked for the token; `again` where the one given was not known. @param {(again: boolean) => Promise<string>} ask */
export function whenTokenIsNeeded(ask) {
  askForToken = ask;
}

/** @param {Record<string, string>} [more] */
function headers(more = {}) {
  return token ? { ...more, authorization: `Bearer ${token}` } : more;
}

/**
 * Sends a request; asks for the token where one is needed.
 * @param {string} path
 * @param {RequestInit & {headers?: Record<string, string>}} request
 * @returns {Promise<Response>}
 */
async function send(path, request) {
  for (;;) {
    let response;
    try {
      response = await fetch(path, { ...request, headers: headers(request.headers), cache: "no-store" });
    } catch (problem) {
      if (/** @type {Error} */ (problem).name === "AbortError") throw problem;
      throw new Refused([{ message: "the rota service does not answer", help: "see whether it still runs, then try again; nothing on this page is lost" }], 0);
    }
    if (response.status !== 401) {
      if (response.ok) return response;
      throw await refused(response);
    }
    token = await askForToken(token !== "");
    if (!token) throw new Refused([{ message: "the service needs its token", help: "ask whoever started it" }], 401);
  }
}

/** @param {Response} response */
async function refused(response) {
  try {
    const document = await response.json();
    if (Array.isArray(document.list) && document.list.length) return new Refused(document.list, response.status);
  } catch {
    // What is not JSON says no more than its status.
  }
  return new Refused([{ message: `the service answered with the status ${response.status}`, help: "try again" }], response.status);
}

/**
 * Asks a question. Work that takes long is waited for.
 * @param {string} name such as "check"
 * @param {any} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function ask(name, body, signal) {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body), signal };
  const response = await send(`/v1/${name}`, request);
  const document = await response.json();
  return response.status === 202 ? follow(document.id, () => {}) : document;
}

/** Reads a workbook, a scenario as JSON, or sheets. @param {Blob|any} given */
export async function read(given) {
  const isFile = given instanceof Blob;
  const type = isFile ? "application/octet-stream" : "application/json";
  const body = isFile ? given : JSON.stringify(given);
  const response = await send("/v1/import", { method: "POST", headers: { "content-type": type }, body });
  return response.json();
}

/** Something that stands ready. @param {string} path */
export async function get(path) {
  return (await send(path, { method: "GET" })).json();
}

/**
 * A file made of something.
 * @param {string} name such as "export"
 * @param {any} body
 * @returns {Promise<{blob: Blob, name: string}>}
 */
export async function file(name, body) {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await send(`/v1/${name}`, request);
  const said = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "");
  return { blob: await response.blob(), name: said ? said[1] : "rota" };
}

/**
 * Starts a solve and follows it.
 * @param {any} body
 * @param {(progress: any) => void} tell
 * @returns {Promise<{id: string, result: Promise<any>}>}
 */
export async function solve(body, tell) {
  const request = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const { id } = await (await send("/v1/solve", request)).json();
  return { id, result: follow(id, tell) };
}

/** Asks a solve to end with the best it has. @param {string} id */
export async function cancel(id) {
  await send(`/v1/jobs/${encodeURIComponent(id)}`, { method: "DELETE" });
}

/** @param {string} id @param {(progress: any) => void} tell */
async function follow(id, tell) {
  const path = `/v1/jobs/${encodeURIComponent(id)}`;
  for (;;) {
    await listen(`${path}/events`, tell);
    const job = await (await send(path, { method: "GET" })).json();
    if (["done", "cancelled", "failed"].includes(job.state)) return outcome(job);
    await new Promise((wake) => setTimeout(wake, 300));
  }
}

/** What came of a job that has ended. @param {any} job */
function outcome(job) {
  if (job.state === "failed") throw new Refused(job.document?.list ?? [], 422);
  if (!job.document) throw new Refused([{ message: "it was stopped before anything was found" }], 200);
  return job.document;
}

/**
 * Reads server-sent events; they are read by hand because the browser's own reader sends no token.
 * @param {string} path
 * @param {(progress: any) => void} tell
 */
async function listen(path, tell) {
  const response = await send(path, { method: "GET", headers: { accept: "text/event-stream" } });
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    rest += value;
    const blocks = rest.split(/\r?\n\r?\n/);
    rest = blocks.pop() ?? "";
    for (const block of blocks) event(block, tell);
  }
}

/** @param {string} block @param {(progress: any) => void} tell */
function event(block, tell) {
  const lines = block.split(/\r?\n/);
  const data = lines.filter((line) => line.startsWith("data:")).map((line) => line.slice(5).trim()).join("\n");
  if (data) tell(JSON.parse(data));
}
