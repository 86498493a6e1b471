/** The chat: puts its parts together, on its own page and in the panel on other sites. */

import { getSession, isReady, pageAddress, signOut } from "./api.js";
import { announcer } from "./announcer.js";
import { Availability } from "./availability.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { button, element } from "./elements.js";
import { installation } from "./installation.js";
import { failureText, Log } from "./log.js";
import { remember } from "./memory.js";
import { Menu } from "./menu.js";
import { Session } from "./session.js";
import { Texts } from "./texts.js";

const GOOD_NEWS = 4_000;

export class Chat {
  #root;
  #options;
  #texts;
  #announce;
  #availability;
  #conversation;
  #log;
  #composer;
  #menu;
  /** How many messages of each turn were announced, and which turns are being searched for. */
  #told = new Map();
  #searched = new Set();
  #session;
  #hasKeyboard = window.matchMedia("(hover: hover) and (pointer: fine)");

  /**
   * @param {HTMLElement} root what `shell` gave, in its place on the page
   * @param {Texts} texts
   * @param {object} options
   * @param {() => string | null} options.greeting what the operator lets the chat say first
   * @param {() => string[]} options.suggestions the questions that the operator offers
   * @param {boolean} options.isPage
   * @param {(texts: Texts) => void} options.onLanguage called when another language is spoken
   * @param {() => void} options.onAnswer called when a question was answered
   */
  constructor(root, texts, options) {
    this.#root = root;
    this.#options = options;
    this.#texts = texts;
    this.#announce = announcer(this.#find("announcements"));
    this.#availability = new Availability(isReady, (isAvailable) => this.#showAvailability(isAvailable));
    this.#conversation = new Conversation(this.#availability, () => this.#texts.lang, {
      onChange: (turn) => this.#showTurn(turn),
      onReset: () => this.#showAll(),
    });
    this.#log = new Log(this.#find("log"), this.#find("scroller"), {
      onSuggestion: (question) => this.#askFromPage(question),
      onRetry: (turn) => this.#retry(turn),
      conversation: () => this.#conversation.id,
      signIn: () => this.#signInLink(),
      isPage: options.isPage,
      citations: () => this.#conversation.turns.flatMap(({ messages }) => messages.flatMap((message) => message.citations)),
    });
    this.#composer = new Composer(this.#find("composer"), {
      onSend: (text) => this.#conversation.send(text),
      lastQuestion: () => this.#conversation.turns.at(-1)?.text,
      announce: this.#announce,
    });
    this.#session = new Session(getSession, {
      onEnding: (words) => this.#tellOfSignIn(words),
      onReturn: () => this.#goOn(),
      isAwaited: () => this.#awaitSignIn().length > 0,
    });
    this.#menu = new Menu(this.#find("more"), this.#find("menu"), {
      conversation: () => this.#conversation.id,
      onAnew: () => this.#startAnew(),
      onDelete: () => this.#delete(),
      isSignedIn: () => this.#session.isSignedIn,
      onSignOut: () => this.#signOut(),
      onPrint: options.isPage ? () => window.print() : null,
    });
    window.addEventListener("beforeprint", () => this.#log.unfold());
    this.#find("anew").addEventListener("click", () => this.#startAnew());
    root.querySelector(".skip")?.addEventListener("click", () => this.#composer.focus());
    for (const choice of this.#languages()) choice.addEventListener("click", () => this.#choose(choice.value));
    this.speak(texts);
  }

  /** Takes up the conversation of the last visit. */
  async start() {
    if (installation.signsIn && this.#options.isPage) this.#session.look();
    await this.#conversation.resume();
  }

  /** Puts the focus where one can begin: on the field, or, where that would bring up a keyboard, on `instead`. */
  focus(instead) {
    if (this.#hasKeyboard.matches || !instead) this.#composer.focus();
    else instead.focus();
  }

  /** Says everything in another language. @param {Texts} texts */
  speak(texts) {
    this.#texts = texts;
    texts.apply(this.#root);
    this.#composer.speak(texts);
    this.#menu.speak(texts);
    for (const choice of this.#languages()) choice.setAttribute("aria-pressed", String(choice.value === texts.lang));
    this.showOperatorsWords();
    this.#log.reset(this.#conversation.turns, texts);
    if (!this.#availability.isReady) this.#showAvailability(false);
    this.#options.onLanguage(texts);
  }

  /** Shows greeting and suggestions as the operator wants them now. */
  showOperatorsWords() {
    const texts = this.#texts;
    const own = this.#options.suggestions();
    this.#find("greeting").textContent = this.#options.greeting() ?? texts.get("welcome");
    this.#find("first-visit").replaceChildren(...firstVisit(texts));
    this.#find("examples").replaceChildren(
      ...(own.length ? own : texts.examples).map((question) =>
        element("li", {}, button(question, () => this.#askFromPage(question))),
      ),
    );
  }

  /** Says of the sign-in that it ends, with the way to sign in again. */
  #tellOfSignIn(words) {
    this.#tell(words, "lasting");
    this.#find("banner").append(" ", this.#signInLink());
  }

  /** Where one signs in: here, or from another site on the page of the chat's own. */
  #signInLink() {
    const { isPage } = this.#options;
    const path = isPage && installation.signsIn ? "sign-in" : "";
    const tab = isPage ? {} : { target: "_blank", rel: "noopener" };
    const href = pageAddress(path, this.#texts.lang);
    return element("a", { href, class: "plain strong", ...tab }, this.#texts.get(isPage ? "sign_in_again" : "sign_in"));
  }

  #awaitSignIn() {
    return this.#conversation.turns.filter(({ error }) => error?.needsSignIn);
  }

  /** Shows what was withheld and sends what was kept, after somebody has signed in in another tab. */
  async #goOn() {
    await this.#conversation.resume();
    for (const turn of this.#awaitSignIn()) this.#conversation.retry(turn);
  }

  async #signOut() {
    try {
      window.location.assign(await signOut());
    } catch {
      this.#availability.lost();
    }
  }

  #find(id) {
    return this.#root.querySelector(`#${id}`);
  }

  #languages() {
    return this.#root.querySelectorAll(".languages button");
  }

  async #choose(lang) {
    let texts;
    try {
      texts = await Texts.load(lang);
    } catch {
      this.#availability.lost();
      return;
    }
    remember("lang", lang);
    this.speak(texts);
  }

  #showAvailability(isAvailable) {
    const words = navigator.onLine ? "unavailable" : "offline";
    this.#tell(isAvailable ? "available" : words, isAvailable ? "good" : "lasting");
  }

  /** Says something below the header: for a moment if it is good, else until something else is said there. */
  #tell(words, kind) {
    const banner = this.#find("banner");
    banner.classList.toggle("good", kind === "good");
    banner.textContent = this.#texts.get(words);
    if (kind === "lasting") return;
    setTimeout(() => this.#availability.isReady && (banner.textContent = ""), GOOD_NEWS);
  }

  #showAll() {
    const { turns } = this.#conversation;
    for (const { id, messages } of turns) this.#told.set(id, messages.filter(isWhole).length);
    this.#log.reset(turns, this.#texts);
    this.#showWelcome();
  }

  #showWelcome() {
    this.#find("welcome").hidden = this.#conversation.turns.length > 0;
  }

  #showTurn(turn) {
    this.#showWelcome();
    this.#log.show(turn);
    this.#announceTurn(turn);
  }

  /** Reads out what is new in a turn: each message once, when it is whole. */
  #announceTurn(turn) {
    const { id, state, messages } = turn;
    if (state === "searching" && !this.#searched.has(id)) {
      this.#searched.add(id);
      this.#announce(this.#texts.get("searching"));
    }
    const told = this.#told.get(id) ?? 0;
    const whole = messages.filter(isWhole);
    for (const message of whole.slice(told)) this.#announce(message.text, message.lang);
    this.#told.set(id, Math.max(told, whole.length));
    if (!told && whole.length) this.#options.onAnswer();
    if (state === "failed") this.#announce(failureText(turn.error, this.#texts, this.#options.isPage));
  }

  /** Asks what a button on the page offers. */
  #askFromPage(question) {
    this.#leaveButton(this.#conversation.send(question));
  }

  #retry(turn) {
    this.#conversation.retry(turn);
    this.#leaveButton(turn);
  }

  /** The button that was pressed is gone: on to the field, or, where that would bring up a keyboard, to the turn. */
  #leaveButton(turn) {
    if (this.#hasKeyboard.matches) this.#composer.focus();
    else this.#log.focus(turn.id);
  }

  #startAnew() {
    this.#conversation.startAnew();
    this.#composer.focus();
    this.#announce(this.#texts.get("new_conversation_started"));
  }

  async #delete() {
    try {
      await this.#conversation.delete();
    } catch {
      this.#tell("not_deleted", "bad");
      return;
    }
    this.#composer.focus();
    this.#tell("deleted", "good");
  }
}

/** What somebody must know before the first word: that a machine answers, and what becomes of what is said. */
function firstVisit(texts) {
  const { retentionDays: days, privacyUrl } = installation;
  const kept = days === 1 ? texts.get("kept_one") : texts.get("kept_many", { days });
  const words = texts.get("first_visit", { kept });
  if (!privacyUrl) return [words];
  const hint = element("span", { class: "unseen" }, ` (${texts.get("new_tab")})`);
  return [words, " ", element("a", { href: privacyUrl, target: "_blank", rel: "noopener" }, texts.get("privacy"), hint)];
}

/** Whether a message has come with all that belongs to it. */
function isWhole({ confidence }) {
  return confidence !== undefined;
}
