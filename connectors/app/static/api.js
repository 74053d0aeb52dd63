// Talking to api/v1 beside this page: the session, its renewal, and what went wrong in three kinds.
import { keep, onChange, recall } from "./keep.js";

const BASE = "api/v1/";
const PATIENCE = 15_000;

// Nobody answered, or somebody said later: the same again is right.
export class Away extends Error {
  constructor(seconds = 0) { super("away"); this.seconds = seconds; }
}
// Refused, with a line in Chinese that may be shown: the same again would be refused again.
export class Refused extends Error {
  constructor(status, code, message) { super(message); this.status = status; this.code = code; }
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function once(path, { method = "GET", json, body, type, key, token, signal, accept, patience = PATIENCE, headers = {} } = {}) {
  const sent = { ...headers };
  if (json !== undefined) { body = JSON.stringify(json); type = "application/json"; }
  if (type) sent["Content-Type"] = type;
  if (key) sent["Idempotency-Key"] = key;
  if (token) sent.Authorization = `Bearer ${token}`;
  if (accept) sent.Accept = accept;
  const given = new AbortController();
  signal?.addEventListener("abort", () => given.abort(), { once: true });
  const late = setTimeout(() => given.abort(), patience);
  let answer;
  try {
    answer = await fetch(BASE + path, { method, body, headers: sent, signal: given.signal, cache: "no-store", credentials: "omit" });
    if (answer.ok && accept) return answer;
    const text = await answer.text();
    if (answer.ok) return JSON.parse(text);
    if (answer.status >= 500 || answer.status === 429 || answer.status === 408) {
      throw new Away(Number(answer.headers.get("Retry-After")) || 0);
    }
    let told = {};
    try { told = JSON.parse(text); } catch { /* not one of ours: a proxy's page */ }
    throw new Refused(answer.status, told.code ?? "", told.message || "没有办成。请过一会儿再试。");
  } catch (error) {
    if (error instanceof Away || error instanceof Refused) throw error;
    throw new Away();
  } finally {
    clearTimeout(late);
  }
}

// The session ---------------------------------------------------------------------------------------------------------

let opening = null;
let renewal = 0;
const changed = new Set();

export const onNewSession = (tell) => changed.add(tell);
const held = () => {
  const found = recall("session");
  return found && found.until > Date.now() ? found : null;
};
export const may = (right) => held()?.rights.includes(right) ?? false;

function hold(told) {
  const before = recall("session")?.id;
  const life = told.expires_in * 1000;
  keep("session", { id: told.session_id, token: told.token, rights: told.rights, until: Date.now() + life - 5000, life });
  plan();
  if (before && before !== told.session_id) for (const tell of changed) tell();
}

async function open(assertion) {
  hold(await once("sessions", { method: "POST", json: assertion ? { assertion } : {} }));
}

// Whom the bureau's own app vouches for. Refused, the page goes on without a name.
export async function enterAs(assertion) {
  opening = open(assertion).finally(() => { opening = null; });
  await opening;
}

async function token() {
  const found = held();
  if (found) return found.token;
  opening ??= open().finally(() => { opening = null; });
  await opening;
  return held()?.token ?? "";
}

async function renew() {
  const found = held();
  if (!found) return;
  try {
    hold(await once("sessions/renew", { method: "POST", token: found.token }));
  } catch (error) {
    if (error instanceof Refused) return;
    plan(60_000);
  }
}

// Well before its end, and at once when less than a third is left after a pause.
function plan(soonest = 1000) {
  clearTimeout(renewal);
  const found = held();
  if (!found) return;
  renewal = setTimeout(renew, Math.min(2 ** 31 - 1, Math.max(soonest, found.until - Date.now() - found.life / 3)));
}

export async function call(path, how = {}) {
  const mine = await token();
  try {
    return await once(path, { ...how, token: mine });
  } catch (error) {
    if (!(error instanceof Refused) || error.status !== 401) throw error;
    // It ended, or the house has new keys. Another tab may have opened the next one meanwhile.
    if (held()?.token === mine) keep("session", { ...recall("session"), until: 0 });
    return once(path, { ...how, token: await token() });
  }
}

export const office = () => once("office");
export function startSession() {
  plan();
  onChange("session", () => { if (!recall("session")) location.reload(); });
}
