/** Thumbs under an answer, and the panel that asks why it did not help. */

import { sendFeedback } from "./api.js";
import { button, element, icon } from "./elements.js";

const REASONS = ["wrong", "outdated", "not_asked", "source_missing"];
const LIMIT = 1000;
const THUMB = "M6.500 9 9.750 2.500a2 2 0 0 1 2 2V8h4.100a1.500 1.500 0 0 1 1.480 1.760l-.95 5.500A1.500 1.500 0 0 1 14.900 16.500H6.500M6.500 9v7.500h-3V9z";

/**
 * @param {import("./conversation.js").Turn} turn the turn that was answered; remembers what was thought of it
 * @param {import("./texts.js").Texts} texts
 * @param {() => string | null} conversation the conversation's id
 * @param {HTMLElement} beside what else can be done with the answer
 * @returns {HTMLElement}
 */
export function feedbackView(turn, texts, conversation, beside) {
  return new Feedback(turn, texts, conversation, beside).root;
}

class Feedback {
  #turn;
  #texts;
  #conversation;
  #thumbs;
  #status = element("p", { class: "feedback-status", role: "status" });
  #panel = null;

  constructor(turn, texts, conversation, beside) {
    this.#turn = turn;
    this.#texts = texts;
    this.#conversation = conversation;
    this.#thumbs = { up: this.#thumb("up"), down: this.#thumb("down") };
    const label = element("span", { class: "label", id: `helpful-${turn.id}` }, texts.get("feedback_helpful"));
    const row = element(
      "div",
      { class: "thumbs", role: "group", "aria-labelledby": label.id },
      label,
      this.#thumbs.up,
      this.#thumbs.down,
    );
    this.root = element("div", { class: "feedback", lang: texts.lang }, element("div", { class: "tools" }, row, beside), this.#status);
    this.#press(turn.opinion?.verdict);
  }

  #thumb(verdict) {
    const words = this.#texts.get(`feedback_${verdict}`);
    const made = button("", () => this.#judge(verdict), { class: "thumb", title: words, "aria-label": words });
    made.classList.add(verdict);
    made.append(icon(THUMB));
    return made;
  }

  #press(verdict) {
    for (const [name, thumb] of Object.entries(this.#thumbs)) thumb.setAttribute("aria-pressed", String(name === verdict));
  }

  async #judge(verdict) {
    if (verdict === "up") this.#close();
    else this.#open();
    if (this.#turn.opinion?.verdict === verdict) return;
    if (await this.#send({ verdict, reasons: [], words: "" })) this.#say(verdict === "up" ? "feedback_thanks_up" : "");
  }

  /** Sends an opinion; says so where that does not work. */
  async #send(opinion) {
    this.#say("");
    try {
      await sendFeedback(this.#conversation(), this.#turn.id, opinion);
    } catch {
      this.#say("feedback_failed");
      return false;
    }
    this.#turn.opinion = opinion;
    this.#press(opinion.verdict);
    return true;
  }

  #say(key) {
    this.#status.textContent = key && this.#texts.get(key);
  }

  #open() {
    if (!this.#panel) {
      this.#panel = this.#form();
      this.root.append(this.#panel);
    }
    this.#panel.querySelector("input").focus();
    this.#panel.scrollIntoView({ block: "nearest" });
  }

  #close() {
    this.#panel?.remove();
    this.#panel = null;
  }

  #form() {
    const { id } = this.#turn;
    const words = element("textarea", { id: `words-${id}`, rows: 2, maxlength: LIMIT, "aria-describedby": `hint-${id}` });
    const form = element(
      "form",
      { class: "reasons" },
      element(
        "fieldset",
        {},
        element("legend", {}, this.#texts.get("feedback_question")),
        ...REASONS.map((reason) => this.#choice(reason)),
      ),
      element("label", { for: words.id }, this.#texts.get("feedback_words")),
      words,
      element("p", { class: "hint", id: `hint-${id}` }, this.#texts.get("feedback_hint")),
      element(
        "div",
        { class: "actions" },
        element("button", { type: "submit", class: "plain strong" }, this.#texts.get("feedback_send")),
        button(this.#texts.get("feedback_cancel"), () => this.#leave(), { class: "plain" }),
      ),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit(new FormData(form).getAll("reason"), words.value.trim());
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation(); // closes this panel, not the one around it
      this.#leave();
    });
    return form;
  }

  #choice(reason) {
    const box = element("input", { type: "checkbox", name: "reason", value: reason });
    return element("label", { class: "choice" }, box, element("span", {}, this.#texts.get(`feedback_${reason}`)));
  }

  async #submit(reasons, words) {
    if (!(await this.#send({ verdict: "down", reasons, words }))) return;
    this.#leave();
    this.#say("feedback_thanks_down");
  }

  /** Closes the panel; the focus must not get lost with it. */
  #leave() {
    this.#close();
    this.#thumbs.down.focus();
  }
}
