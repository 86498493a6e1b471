/** The conversation: its turns, and bringing each question to the bot exactly once. */

import { ApiError, ask, getTurns, startConversation } from "./api.js";
import { recall, remember } from "./memory.js";

const ATTEMPTS = 3;

/**
 * @typedef {object} Turn one question and what the bot said to it
 * @property {string} id
 * @property {string} text
 * @property {object[]} messages
 * @property {"queued" | "searching" | "answered" | "failed"} state
 * @property {ApiError | null} error why it failed
 * @property {{verdict: "up" | "down", reasons: string[], words: string} | null} opinion what was thought of the answer
 */

export class Conversation {
  /** @type {Turn[]} */
  turns = [];
  #availability;
  #lang;
  #onChange;
  #cancel = new AbortController();
  #last = Promise.resolve();

  /**
   * @param {import("./availability.js").Availability} availability
   * @param {() => string} lang language for a new conversation
   * @param {(turn: Turn) => void} onChange called whenever a turn is new or has changed
   */
  constructor(availability, lang, onChange) {
    this.#availability = availability;
    this.#lang = lang;
    this.#onChange = onChange;
  }

  /** Takes up the conversation of the last visit, and sends what had not been answered then. */
  async resume() {
    const { signal } = this.#cancel;
    const unanswered = recall("unanswered") ?? [];
    const history = recall("conversation") ? await this.#history(signal) : [];
    if (signal.aborted) return;
    const known = new Set(history.map((turn) => turn.id));
    const missing = unanswered.filter((turn) => !known.has(turn.id));
    const earlier = [...history, ...missing].map(({ id, text, messages = [], opinion = null }) => ({
      ...newTurn(id, text, messages),
      opinion,
    }));
    this.turns.unshift(...earlier);
    earlier.filter((turn) => turn.state === "queued").forEach((turn) => this.#enqueue(turn));
  }

  /** @param {string} text @returns {Turn} the new turn; its answer follows through onChange */
  send(text) {
    const turn = newTurn(randomId(), text, []);
    this.turns.push(turn);
    this.#change(turn, {});
    this.#enqueue(turn);
    return turn;
  }

  /** @param {Turn} turn one that failed */
  retry(turn) {
    this.#change(turn, { state: "queued", error: null });
    this.#enqueue(turn);
  }

  /** @returns {string | null} its id, once it has begun */
  get id() {
    return recall("conversation");
  }

  /** Leaves this conversation behind; the next question begins another. */
  startAnew() {
    this.#cancel.abort();
    this.#cancel = new AbortController();
    this.#last = Promise.resolve();
    this.turns = [];
    remember("conversation", null);
    remember("unanswered", null);
  }

  async #history(signal) {
    for (;;) {
      try {
        return await getTurns(recall("conversation"));
      } catch (error) {
        if (signal.aborted) return [];
        if (!error.isOutage) {
          remember("conversation", null);
          return [];
        }
        this.#availability.lost();
        await this.#availability.ready();
      }
    }
  }

  #change(turn, changes) {
    Object.assign(turn, changes);
    const unanswered = this.turns.filter(({ state }) => state !== "answered").map(({ id, text }) => ({ id, text }));
    remember("unanswered", unanswered.length ? unanswered : null);
    this.#onChange(turn);
  }

  #enqueue(turn) {
    const { signal } = this.#cancel;
    this.#last = this.#last.then(() => this.#deliver(turn, signal));
  }

  async #deliver(turn, signal) {
    for (let attempt = 1; ; attempt += 1) {
      await this.#availability.ready();
      if (signal.aborted) return;
      try {
        await this.#ask(turn, signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiError) || attempt === ATTEMPTS || !this.#canAskAgain(error)) {
          this.#change(turn, { state: "failed", messages: [], error });
          return;
        }
        this.#change(turn, { state: "queued", messages: [] });
      }
    }
  }

  /** Prepares for another attempt after `error`, if there is sense in one. */
  #canAskAgain(error) {
    if (error.isOutage) this.#availability.lost();
    if (error.status === 404) remember("conversation", null);
    return error.isOutage || error.status === 404;
  }

  async #ask(turn, signal) {
    this.#change(turn, { state: "searching" });
    if (!recall("conversation")) {
      const id = await startConversation(this.#lang());
      if (signal.aborted) return;
      remember("conversation", id);
    }
    const messages = [];
    await ask(recall("conversation"), turn, signal, (message) => messages.push(message));
    this.#change(turn, { state: "answered", messages });
  }
}

function newTurn(id, text, messages) {
  return { id, text, messages, state: messages.length ? "answered" : "queued", error: null, opinion: null };
}

// crypto.randomUUID is missing where a page comes over plain http from another machine
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
