/** The conversation as it stands on the page. */

import { copyButton } from "./copying.js";
import { button, element, logo, settle } from "./elements.js";
import { feedbackView } from "./feedback.js";
import { messageView } from "./message.js";

const NEAR = 160; // pixels from the end within which a reader is taken to follow the conversation

export class Log {
  #root;
  #scroller;
  #handlers;
  #texts;
  /** What stands on the page of each message. */
  #views = new WeakMap();

  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} scroller what scrolls it
   * @param {{onSuggestion: (text: string) => void, onRetry: (turn: object) => void, conversation: () => string,
   *   citations: () => object[], signIn: () => HTMLElement, isPage: boolean}} handlers signIn gives the link to where one
   *   signs in
   */
  constructor(root, scroller, handlers) {
    this.#root = root;
    this.#scroller = scroller;
    this.#handlers = handlers;
    this.#stayAtEnd();
  }

  /**
   * Shows exactly these turns.
   *
   * @param {import("./conversation.js").Turn[]} turns
   * @param {import("./texts.js").Texts} texts
   */
  reset(turns, texts) {
    this.#texts = texts;
    this.#views = new WeakMap();
    this.#root.replaceChildren(...turns.map((turn) => this.#view(turn)));
    this.#root.lastElementChild?.scrollIntoView({ behavior: "instant" });
  }

  /** Shows a turn that is new or has changed. @param {import("./conversation.js").Turn} turn */
  show(turn) {
    const old = this.#find(turn.id);
    const follows = !old || this.#isNearEnd();
    const view = old ?? this.#view(turn);
    const hadFocus = old?.contains(this.#focused);
    if (old) settle(old, this.#parts(turn, old));
    else this.#root.append(view);
    if (hadFocus && !view.contains(this.#focused)) this.focus(turn.id);
    if (follows && view === this.#root.lastElementChild) view.scrollIntoView();
  }

  /** Shows what is folded, as paper cannot be clicked. */
  unfold() {
    for (const folded of this.#root.querySelectorAll("details")) folded.open = true;
  }

  /** Puts the focus on a turn. @param {string} id */
  focus(id) {
    this.#find(id)?.focus({ preventScroll: true });
  }

  get #focused() {
    return this.#root.getRootNode().activeElement;
  }

  #find(id) {
    return this.#root.querySelector(`#turn-${CSS.escape(id)}`);
  }

  /** Keeps the end in view when the composer or a keyboard takes room from the conversation. */
  #stayAtEnd() {
    let height = this.#scroller.clientHeight;
    const observer = new ResizeObserver(() => {
      const { scrollHeight, clientHeight } = this.#scroller;
      if (this.#root.hasChildNodes() && clientHeight < height && this.#isNearEnd(height)) {
        this.#scroller.scrollTo({ top: scrollHeight, behavior: "instant" });
      }
      height = clientHeight;
    });
    observer.observe(this.#scroller);
  }

  #isNearEnd(height = this.#scroller.clientHeight) {
    const { scrollHeight, scrollTop } = this.#scroller;
    return scrollHeight - scrollTop - height < NEAR;
  }

  #view(turn) {
    const view = element("div", { class: "turn", id: `turn-${turn.id}`, tabindex: -1 });
    const question = element("div", { class: "question" }, element("span", { class: "unseen" }, `${this.#texts.get("you")} `), turn.text);
    view.append(question);
    settle(view, this.#parts(turn, view));
    return view;
  }

  /** What a turn consists of; a message that stands on the page is the same element as before. */
  #parts(turn, view) {
    const messages = turn.messages.map((message, index) => this.#message(message, `${turn.id}-${index}`, view));
    return [view.firstElementChild, ...messages, this.#feedback(turn), this.#status(turn)].filter(Boolean);
  }

  #message(message, id, view) {
    const known = this.#views.get(message);
    if (known) return known;
    const made = messageView(message, id, this.#texts, this.#handlers);
    made.id = `message-${id}`;
    // What could be read already does not appear anew when its sources come.
    if (view.querySelector(`#${CSS.escape(made.id)}`)) made.classList.add("grown");
    this.#views.set(message, made);
    return made;
  }

  #feedback(turn) {
    if (turn.state !== "answered" || !turn.messages.some(mayBeJudged)) return null;
    return feedbackView(turn, this.#texts, this.#handlers.conversation, copyButton(turn, this.#texts));
  }

  #status(turn) {
    if (turn.state === "answered") return null;
    if (turn.state === "failed") return this.#failure(turn);
    const dots = element("span", { class: "dots", "aria-hidden": "true" }, ...Array.from("...", () => element("i")));
    const words = turn.state === "searching" && turn.messages.length ? "going_on" : turn.state;
    return element("p", { class: "status" }, logo(), element("span", {}, dots, this.#texts.get(words)));
  }

  #failure(turn) {
    const remedy = turn.error.needsSignIn
      ? this.#handlers.signIn()
      : button(this.#texts.get("retry"), () => this.#handlers.onRetry(turn), { class: "plain" });
    return element("div", { class: "failure" }, logo(), element("div", {}, element("p", {}, failureText(turn.error, this.#texts, this.#handlers.isPage)), remedy));
  }
}

/** Whether a message speaks to a question, so that somebody can find it helpful or not. */
function mayBeJudged({ kind }) {
  return kind !== "text" && kind !== "choice";
}

/**
 * @param {import("./api.js").ApiError} error
 * @param {import("./texts.js").Texts} texts
 * @param {boolean} isPage whether the chat is the page on which one signs in
 * @returns {string} why a turn failed
 */
export function failureText(error, texts, isPage) {
  if (error.needsSignIn && isPage) return texts.get("sign_in_ended");
  if (error.isOutage) return texts.get("error_unavailable");
  if (error.status === 429) return texts.get("error_busy");
  return error.status >= 400 && error.status < 500 && error.message ? error.message : texts.get("error");
}
