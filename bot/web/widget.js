/** `<stadtlotse-chat>`: the chat as one element, for any page of any site and for the page of its own. */

import { Chat } from "./chat.js";
import { element } from "./elements.js";
import { recall } from "./memory.js";
import { Panel } from "./panel.js";
import { shell } from "./shell.js";
import { styles } from "./styles.js";
import { LANGUAGES, Texts } from "./texts.js";
import { followKeyboard } from "./viewport.js";

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
const KEYS = ["keydown", "keypress", "keyup"];
const OPEN = "stadtlotse.open";

class StadtlotseChat extends HTMLElement {
  static observedAttributes = ["language", "greeting", "suggestions", "position", "theme"];
  #body = null;
  #chat = null;
  #panel = null;
  #start = null;

  connectedCallback() {
    if (this.#body) return;
    const root = this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
    root.adoptedStyleSheets = [sheet];
    this.#body = element("div", { class: "root" }, element("slot"));
    root.append(this.#body);
    // Shortcuts of the page around must not fire while somebody writes here.
    for (const name of KEYS) this.#body.addEventListener(name, (event) => event.stopPropagation());
    this.#build();
  }

  attributeChangedCallback(name, before, now) {
    if (!this.#body || before === now) return;
    this.#dress();
    if (name === "language") this.#changeLanguage();
    else this.#chat?.showOperatorsWords();
  }

  /** Opens the panel. */
  open() {
    this.#panel?.open();
  }

  /** Closes the panel; the focus goes to the button that opens it. */
  close() {
    this.#panel?.close();
  }

  get #isPage() {
    return this.getAttribute("layout") === "page";
  }

  async #build() {
    const texts = await firstTexts(() => this.#language());
    this.#dress();
    const content = shell(this.#isPage);
    if (this.#isPage) this.#body.replaceChildren(element("div", { class: "shell page" }, content));
    else this.#addPanel(content);
    followKeyboard(content.parentElement);
    this.#chat = new Chat(content, texts, {
      greeting: () => this.getAttribute("greeting"),
      suggestions: () => splitAt(this.getAttribute("suggestions")),
      isPage: this.#isPage,
      onLanguage: (spoken) => this.#speak(spoken),
      onAnswer: () => this.#panel?.announceNews(),
    });
    if (this.#isPage) {
      this.#begin();
      this.#chat.focus(document.body);
    } else if (wasOpen()) this.#panel.open(false);
    this.dispatchEvent(new Event("stadtlotse-ready"));
  }

  #addPanel(content) {
    this.#panel = new Panel(content, {
      onOpen: (takesFocus) => {
        keepOpen(true);
        this.#begin();
        if (takesFocus) this.#chat.focus(this.#panel.dialog);
      },
      onClose: () => keepOpen(false),
    });
    this.#body.replaceChildren(this.#panel.launcher, this.#panel.dialog);
  }

  /** Takes up the last conversation, once. */
  #begin() {
    this.#start ??= this.#chat.start();
  }

  /** Sizes by the reader's own letters: a page around may have redefined what `rem` means. */
  #dress() {
    const theme = this.getAttribute("theme");
    this.#body.className = ["root", this.getAttribute("position") === "left" && "left", theme].filter(Boolean).join(" ");
    this.#body.style.setProperty("--rem", getComputedStyle(this.#body).fontSize);
  }

  #language() {
    const asked = this.#isPage ? new URLSearchParams(location.search).get("lang") : null;
    const around = this.parentElement?.closest("[lang]")?.lang;
    const wanted = [asked, recall("lang"), this.getAttribute("language"), this.#isPage ? null : around];
    const known = wanted.map((tag) => tag?.toLowerCase().split("-")[0]).find((tag) => LANGUAGES.includes(tag));
    return known ?? LANGUAGES[0];
  }

  async #changeLanguage() {
    if (this.#chat) this.#chat.speak(await firstTexts(() => this.#language()));
  }

  #speak(texts) {
    this.#body.lang = texts.lang;
    this.#panel?.speak(texts);
    if (!this.#isPage) return;
    document.documentElement.lang = texts.lang;
    document.title = texts.get("title");
  }
}

/** The first words; the chat is no use without them, so it keeps asking, ever more rarely. */
async function firstTexts(lang) {
  for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    try {
      return await Texts.load(lang());
    } catch {
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
}

function splitAt(list) {
  return (list ?? "").split("|").map((item) => item.trim()).filter(Boolean);
}

/** Whether the panel was open on the page before; on a phone it would hide the page that was just asked for. */
function wasOpen() {
  try {
    return sessionStorage.getItem(OPEN) === "1" && window.matchMedia("(min-width: 40rem) and (min-height: 28rem)").matches;
  } catch {
    return false;
  }
}

function keepOpen(isOpen) {
  try {
    sessionStorage.setItem(OPEN, isOpen ? "1" : "0");
  } catch {
    // storage is blocked: the next page begins with the panel closed
  }
}

if (!customElements.get("stadtlotse-chat")) customElements.define("stadtlotse-chat", StadtlotseChat);
