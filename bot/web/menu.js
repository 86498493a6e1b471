/** What can be done with the whole conversation: begin another, keep it, print it, delete it. */

import { pageAddress, transcriptAddress } from "./api.js";
import { button, element } from "./elements.js";
import { installation } from "./installation.js";

export class Menu {
  #opener;
  #root;
  #handlers;
  #texts;

  /**
   * @param {HTMLElement} opener the button that opens and closes it
   * @param {HTMLElement} root
   * @param {object} handlers
   * @param {() => string | null} handlers.conversation id of the conversation, once it has begun
   * @param {() => void} handlers.onAnew
   * @param {() => Promise<void>} handlers.onDelete
   * @param {() => boolean | null} handlers.isSignedIn whether staff is signed in; null where nobody can sign in
   * @param {() => Promise<void>} handlers.onSignOut
   * @param {(() => void) | null} handlers.onPrint null where printing makes no sense
   */
  constructor(opener, root, handlers) {
    this.#opener = opener;
    this.#root = root;
    this.#handlers = handlers;
    opener.addEventListener("click", () => (this.isOpen ? this.#close() : this.#open()));
    root.addEventListener("keydown", (event) => this.#onKey(event));
    opener.addEventListener("keydown", (event) => this.#onKey(event));
    root.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && relatedTarget !== opener && !root.contains(relatedTarget)) this.#close();
    });
    root.getRootNode().addEventListener("pointerdown", ({ target }) => {
      if (!root.contains(target) && !opener.contains(target)) this.#close();
    });
  }

  /** @param {import("./texts.js").Texts} texts */
  speak(texts) {
    this.#texts = texts;
    this.#close();
  }

  /** @returns {boolean} */
  get isOpen() {
    return !this.#root.hidden;
  }

  #onKey(event) {
    if (event.key !== "Escape" || !this.isOpen) return;
    event.stopPropagation();
    this.#leave();
  }

  #open() {
    this.#show(...this.#entries());
  }

  #show(...content) {
    this.#root.replaceChildren(...content);
    this.#root.hidden = false;
    this.#opener.setAttribute("aria-expanded", "true");
    this.#root.querySelector("button, a").focus();
  }

  #close() {
    this.#root.hidden = true;
    this.#opener.setAttribute("aria-expanded", "false");
  }

  /** Closes the menu; the focus must not get lost with it. */
  #leave() {
    this.#close();
    this.#opener.focus();
  }

  #entries() {
    const { conversation, onAnew, onPrint } = this.#handlers;
    const { lang } = this.#texts;
    const id = conversation();
    const say = (key) => this.#texts.get(key);
    const act = (key, action) => button(say(key), () => (this.#leave(), action()));
    const lead = (key, href, more) => element("a", { href, ...more }, say(key), more.target ? this.#newTab() : "");
    const tab = { target: "_blank", rel: "noopener" };
    const entries = [
      act("new_conversation", onAnew),
      id && lead("save", transcriptAddress(id, lang), { download: true }),
      onPrint && act("print", onPrint),
      id && button(say("delete"), () => this.#confirm()),
      this.#handlers.isSignedIn() === false && lead("sign_in", pageAddress("sign-in", lang), {}),
      this.#handlers.isSignedIn() && act("sign_out", this.#handlers.onSignOut),
      lead("accessibility", pageAddress("accessibility", lang), tab),
      installation.privacyUrl && lead("privacy", installation.privacyUrl, tab),
    ];
    return [element("ul", {}, ...entries.filter(Boolean).map((entry) => element("li", {}, entry)))];
  }

  #newTab() {
    return element("span", { class: "unseen" }, ` (${this.#texts.get("new_tab")})`);
  }

  #confirm() {
    const question = element("p", { id: "delete-question" }, this.#texts.get("delete_question"));
    const yes = button(this.#texts.get("delete_yes"), () => this.#delete(), { class: "plain strong" });
    const no = button(this.#texts.get("delete_no"), () => this.#leave(), { class: "plain" });
    yes.setAttribute("aria-describedby", question.id);
    this.#show(question, element("div", { class: "actions" }, yes, no));
  }

  async #delete() {
    this.#leave();
    await this.#handlers.onDelete();
  }
}
