/** The conversation: its turns, and bringing each question to the bot exactly once. */

import { ApiError, ask, deleteConversation, getTranscript, startConversation } from "./api.js";
import { recall, remember, whenChangedElsewhere } from "./memory.js";

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
  #handlers;
  #cancel = new AbortController();
  #last = Promise.resolve();
  #id = recall("conversation");

  /**
   * @param {import("./availability.js").Availability} availability
   * @param {() => string} lang language for a new conversation
   * @param {{onChange: (turn: Turn) => void, onReset: () => void}} handlers onChange is called whenever a turn is new
   *   or has changed, onReset when the turns are others than before
   */
  constructor(availability, lang, handlers) {
    this.#availability = availability;
    this.#lang = lang;
    this.#handlers = handlers;
    whenChangedElsewhere((key) => ["conversation", "unanswered"].includes(key) && this.#follow());
  }

  /** Takes up the conversation of the last visit, and sends what had not been answered then. */
  async resume() {
    await this.#take();
    if (!this.#id) this.#availability.check(); // no server was asked for anything yet
    this.#handlers.onReset();
  }

  /** @param {string} text @returns {Turn} the new turn; its answer follows through onChange */
  send(text) {
    const turn = newTurn({ id: randomId(), text });
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
    this.#leave();
    remember("conversation", null);
    remember("unanswered", null);
    this.#handlers.onReset();
  }

  /** Deletes this conversation here and on the server; throws `ApiError` where that fails, and leaves it as it is. */
  async delete() {
    if (this.id) await deleteConversation(this.id);
    this.startAnew();
  }

  #leave() {
    this.#cancel.abort();
    this.#cancel = new AbortController();
    this.#last = Promise.resolve();
    this.turns = [];
    this.#id = null;
  }

  /** Takes over what happened in another tab. */
  async #follow() {
    if (this.id !== this.#id && this.#id) this.#leave();
    if (!this.id) return this.#handlers.onReset(); // what waits there begins the conversation there
    const { signal } = this.#cancel;
    await this.#take();
    if (!signal.aborted) this.#handlers.onReset();
  }

  /** Brings the turns up to what the server and other tabs know, and sends what nobody has answered. */
  async #take() {
    const { signal } = this.#cancel;
    this.#id = this.id;
    const history = this.#id ? await this.#history(signal) : [];
    if (signal.aborted) return;
    const own = new Map(this.turns.map((turn) => [turn.id, turn]));
    const known = new Set(history.map((turn) => turn.id));
    const waiting = (recall("unanswered") ?? []).filter((turn) => !known.has(turn.id));
    const taken = [...history, ...waiting].map((turn) => {
      const mine = own.get(turn.id);
      return mine && (mine.state !== "failed" || !turn.messages?.length) ? mine : newTurn(turn);
    });
    const ids = new Set(taken.map((turn) => turn.id));
    this.turns = [...taken, ...this.turns.filter((turn) => !ids.has(turn.id))];
    taken.filter((turn) => turn.state === "queued" && !own.has(turn.id)).forEach((turn) => this.#enqueue(turn));
  }

  async #history(signal) {
    for (;;) {
      try {
        const { turns, ready } = await getTranscript(this.#id);
        if (!ready) this.#availability.lost();
        return turns;
      } catch (error) {
        if (signal.aborted) return [];
        if (!error.isOutage) {
          if (error.status === 404) this.#forgetId();
          return [];
        }
        this.#availability.lost();
        await this.#availability.ready();
      }
    }
  }

  #forgetId() {
    remember("conversation", null);
    this.#id = null;
  }

  #change(turn, changes) {
    Object.assign(turn, changes);
    // What other tabs wait for stands there too, so only this turn is touched.
    const others = (recall("unanswered") ?? []).filter(({ id }) => id !== turn.id);
    const waiting = turn.state === "answered" ? others : [...others, { id: turn.id, text: turn.text }];
    remember("unanswered", waiting.length ? waiting : null);
    this.#handlers.onChange(turn);
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
        await this.#ask(turn, signal, attempt === 1);
        return;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof ApiError) || attempt === ATTEMPTS || !this.#canAskAgain(error)) {
          this.#change(turn, { state: "failed", messages: [], error });
          return;
        }
        this.#change(turn, { state: "queued" });
      }
    }
  }

  /** Prepares for another attempt after `error`, if there is sense in one. */
  #canAskAgain(error) {
    if (error.isOutage) this.#availability.lost();
    if (error.status === 404) this.#forgetId();
    return error.isOutage || error.status === 404;
  }

  /** Asks, at first for events; where those did not come through, a proxy in between may let one document pass. */
  async #ask(turn, signal, asEvents) {
    this.#change(turn, { state: "searching" });
    await alone(() => this.#begin(signal));
    if (signal.aborted) return;
    let count = 0; // what an attempt before has brought stands until it comes again
    await ask(this.#id, turn, signal, asEvents, (message, isWhole) => {
      if (signal.aborted) return;
      this.#change(turn, { messages: turn.messages.toSpliced(count, 1, message) });
      if (isWhole) count += 1;
    });
    this.#change(turn, { state: "answered", messages: turn.messages.slice(0, count) });
  }

  /** Begins the conversation, unless this or another tab has. */
  async #begin(signal) {
    if (!this.id) {
      const id = await startConversation(this.#lang());
      if (signal.aborted) return;
      remember("conversation", id);
    }
    this.#id = this.id;
  }
}

/** Runs `work` while no other tab does; where a browser knows no locks, as over plain http, at once. */
function alone(work) {
  return navigator.locks ? navigator.locks.request("stadtlotse", work) : work();
}

function newTurn({ id, text, messages = [], opinion = null }) {
  return { id, text, messages, state: messages.length ? "answered" : "queued", error: null, opinion };
}

// crypto.randomUUID is missing where a page comes over plain http from another machine
function randomId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
