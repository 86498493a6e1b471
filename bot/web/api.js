/** Talks to the gateway. Addresses are relative to the widget, so they hold on other sites and under a proxy's path. */

import { readEvents } from "./events.js";

const ROOT = new URL("./", import.meta.url);
const PATIENCE = 60_000; // no sign of life for this long: taken as cut off
const EVENTS = "text/event-stream";
const OUTAGES = ["unavailable", "timeout", "shutting_down"];

/** The gateway answered with an error, or could not be reached (status 0). */
export class ApiError extends Error {
  /** @param {number} status @param {string} code @param {string} message */
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** Whether the same request may succeed once the bot is back. */
  get isOutage() {
    return [0, 502, 503, 504].includes(this.status);
  }

  /** Whether the same request may succeed once somebody has signed in. */
  get needsSignIn() {
    return this.status === 401;
  }
}

/** @param {string} lang @returns {Promise<Record<string, string>>} the page's words */
export async function getTexts(lang) {
  return (await request(`api/texts/${lang}`)).json();
}

/** @param {string} lang @returns {Promise<string>} the id of a new conversation */
export async function startConversation(lang) {
  return (await (await post("api/conversations", { lang })).json()).id;
}

/**
 * @param {string} id
 * @returns {Promise<{turns: {id: string, text: string, messages: object[]}[], ready: boolean}>} its turns so far, and
 *   whether more questions can be answered now
 */
export async function getTranscript(id) {
  return (await request(`api/conversations/${encodeURIComponent(id)}/messages`)).json();
}

/**
 * Asks a question; asking again with the same turn id gives the same answer.
 *
 * @param {string} conversation
 * @param {{id: string, text: string}} turn
 * @param {AbortSignal} signal
 * @param {boolean} asEvents whether each message shall come as soon as it is there, or all of them as one document
 * @param {(message: object, isWhole: boolean) => void} onMessage called with each message; before that, where it has
 *   sources, with what can be read of it already
 * @returns {Promise<void>} when the answer is complete
 */
export async function ask(conversation, { id, text }, signal, asEvents, onMessage) {
  const cut = new AbortController();
  const abort = () => cut.abort();
  signal.addEventListener("abort", abort, { once: true });
  let timer = setTimeout(abort, PATIENCE);
  try {
    const path = `api/conversations/${encodeURIComponent(conversation)}/messages`;
    const headers = { Accept: asEvents ? EVENTS : "application/json" };
    const response = await post(path, { id, text }, { headers, signal: cut.signal });
    if (!response.headers.get("Content-Type")?.startsWith(EVENTS)) {
      for (const message of (await response.json()).messages) onMessage(message, true);
      return;
    }
    for await (const { name, data } of readEvents(response.body)) {
      clearTimeout(timer);
      timer = setTimeout(abort, PATIENCE);
      if (name === "text") onMessage({ ...data, citations: [], suggestions: [] }, false);
      if (name === "message") onMessage(data, true);
      if (name === "error") throw fromBody(data, OUTAGES.includes(data?.error?.code) ? 503 : 500);
      if (name === "done") return;
    }
    throw new ApiError(0, "cut_off", "The answer was cut off.");
  } catch (error) {
    throw error instanceof ApiError ? error : new ApiError(0, "unreachable", String(error));
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

/**
 * Says what somebody thinks of an answer.
 *
 * @param {string} conversation
 * @param {string} message id of the turn that was answered
 * @param {{verdict: "up" | "down", reasons: string[], words: string}} opinion
 */
export async function sendFeedback(conversation, message, opinion) {
  await post(`api/conversations/${encodeURIComponent(conversation)}/feedback`, { message, ...opinion });
}

/** @param {string} conversation @param {string} lang @returns {string} where everything that was said can be saved */
export function transcriptAddress(conversation, lang) {
  return new URL(`api/conversations/${encodeURIComponent(conversation)}/transcript?lang=${lang}`, ROOT).href;
}

/**
 * Deletes a conversation and all that was kept of it.
 *
 * @param {string} id
 * @returns {Promise<void>} when nothing of it is left
 */
export async function deleteConversation(id) {
  try {
    await request(`api/conversations/${encodeURIComponent(id)}`, { method: "DELETE" });
  } catch (error) {
    if (error.status !== 404) throw error;
  }
}

/** @returns {Promise<{signed_in: boolean, seconds: number | null}>} whether staff is signed in here, and for how long */
export async function getSession() {
  return (await request("api/session")).json();
}

/** Signs out. @returns {Promise<string>} where to go next: to the identity provider, or back to the chat */
export async function signOut() {
  return (await (await post("api/sign-out", {})).json()).url ?? ROOT.href;
}

/** @param {string} path of one of the gateway's pages @param {string} lang @returns {string} its address */
export function pageAddress(path, lang) {
  return new URL(`${path}?lang=${lang}`, ROOT).href;
}

/** @returns {Promise<boolean>} whether questions can be answered now, or would be if somebody signed in */
export async function isReady() {
  try {
    const response = await request("readyz", { signal: patience(5_000) });
    return (await response.json()).ready;
  } catch (error) {
    return Boolean(error.needsSignIn);
  }
}

/**
 * @param {string} url path of a source page, as a citation gives it
 * @param {string} lang language of the page around the source
 * @param {number[]} also other passages of the same document that the page shall lead to
 * @returns {string | null} its address under the page's own root; null for anything else
 */
export function sourceAddress(url, lang, also = []) {
  const address = new URL(url.replace(/^\/+/, ""), ROOT);
  if (address.origin !== ROOT.origin || !address.pathname.startsWith(`${ROOT.pathname}sources/`)) return null;
  address.searchParams.set("lang", lang);
  if (also.length) address.searchParams.set("also", also.join());
  address.hash = "quote"; // leads to the marked words without a script too
  return address.href;
}

function post(path, body, { headers = {}, signal } = {}) {
  const json = { "Content-Type": "application/json", ...headers };
  return request(path, { method: "POST", headers: json, body: JSON.stringify(body), signal });
}

async function request(path, options = {}) {
  let response;
  try {
    const common = { cache: "no-store", redirect: "manual", signal: patience(PATIENCE) };
    response = await fetch(new URL(path, ROOT), { ...common, ...options });
  } catch (error) {
    throw new ApiError(0, "unreachable", String(error));
  }
  // The gateway leads nobody elsewhere from here: a proxy does, to where one signs in.
  if (response.type === "opaqueredirect") throw new ApiError(401, "sign_in_needed", "");
  if (!response.ok) throw fromBody(await response.json().catch(() => null), response.status);
  return response;
}

function fromBody(body, status) {
  return new ApiError(status, body?.error?.code ?? "unknown", body?.error?.message ?? "");
}

function patience(milliseconds) {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), milliseconds);
  return controller.signal;
}
