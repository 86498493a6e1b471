/** The button in the corner of somebody's page, and the panel that it opens; on a phone the panel fills the screen. */

import { element, icon } from "./elements.js";

const BUBBLE = "M4.500 3.500h11A1.500 1.500 0 0 1 17 5v7.500a1.500 1.500 0 0 1-1.500 1.500H10l-4 3v-3H4.500A1.500 1.500 0 0 1 3 12.500V5a1.500 1.500 0 0 1 1.500-1.500z";
const SMALL = "(max-width: 40rem), (max-height: 28rem)";

export class Panel {
  #texts = null;
  #hasNews = false;
  #isSmall = window.matchMedia(SMALL);
  #handlers;

  /**
   * @param {HTMLElement} content
   * @param {{onOpen: (takesFocus: boolean) => void, onClose: () => void}} handlers
   */
  constructor(content, handlers) {
    this.#handlers = handlers;
    this.label = element("span", {});
    this.launcher = element("button", { type: "button", class: "launcher", "aria-haspopup": "dialog" }, icon(BUBBLE), this.label);
    this.dialog = element("dialog", { class: "shell panel", "aria-labelledby": "name", tabindex: -1 }, content);
    this.launcher.addEventListener("click", () => this.open());
    content.querySelector("#close").addEventListener("click", () => this.close());
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      this.close();
    });
    this.dialog.addEventListener("cancel", (event) => {
      if (event.target !== this.dialog) return;
      event.preventDefault();
      this.close(); // the back button of a phone
    });
    this.#isSmall.addEventListener("change", () => this.#adapt());
  }

  /** @param {import("./texts.js").Texts} texts */
  speak(texts) {
    this.#texts = texts;
    this.#showNews(this.#hasNews);
  }

  /** @returns {boolean} */
  get isOpen() {
    return this.dialog.open;
  }

  /** @param {boolean} takesFocus false where nobody asked for it just now */
  open(takesFocus = true) {
    if (this.isOpen) return;
    this.#show();
    this.#showNews(false);
    this.#handlers.onOpen(takesFocus);
    if (!takesFocus) this.dialog.getRootNode().activeElement?.blur(); // the dialog takes it by itself
  }

  close() {
    if (!this.isOpen) return;
    this.dialog.close();
    this.launcher.hidden = false;
    this.launcher.focus();
    this.#handlers.onClose();
  }

  /** Tells that something was said while the panel is closed. */
  announceNews() {
    if (!this.isOpen) this.#showNews(true);
  }

  #showNews(hasNews) {
    this.#hasNews = hasNews;
    this.launcher.classList.toggle("news", hasNews);
    if (this.#texts) this.label.textContent = this.#texts.get(hasNews ? "open_news" : "open");
  }

  #show() {
    if (this.#isSmall.matches) this.dialog.showModal();
    else this.dialog.show();
    this.launcher.hidden = true;
  }

  /** Between panel and full screen, when a window changes; the focus stays. */
  #adapt() {
    if (!this.isOpen) return;
    const focused = this.dialog.getRootNode().activeElement;
    this.dialog.close();
    this.#show();
    focused?.focus();
  }
}
