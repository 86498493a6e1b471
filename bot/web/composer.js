/** The field for the question. */

import { recallDraft, rememberDraft } from "./memory.js";

const LIMIT = 1000;
const COUNT_FROM = 900;

export class Composer {
  #form;
  #input;
  #send;
  #counter;
  #onSend;
  #texts;
  #wasTooLong = false;
  #announce;

  /**
   * @param {HTMLFormElement} form
   * @param {{onSend: (text: string) => void, lastQuestion: () => string | undefined, announce: (text: string) => void}} handlers
   */
  constructor(form, { onSend, lastQuestion, announce }) {
    this.#form = form;
    this.#input = form.querySelector("textarea");
    this.#send = form.querySelector("button");
    this.#counter = form.querySelector(".counter");
    this.#onSend = onSend;
    this.#announce = announce;
    this.#input.value = recallDraft();
    this.#input.addEventListener("input", () => this.#update());
    this.#input.addEventListener("keydown", (event) => {
      if (event.isComposing) return;
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        this.#form.requestSubmit();
      }
      if (event.key === "ArrowUp" && !this.#input.value && lastQuestion()) {
        event.preventDefault();
        this.#fill(lastQuestion());
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    // a click beside the text, on the field's border, is meant for the text
    form.querySelector(".field").addEventListener("click", () => this.focus());
  }

  /** @param {import("./texts.js").Texts} texts */
  speak(texts) {
    this.#texts = texts;
    this.#update();
  }

  focus() {
    this.#input.focus();
  }

  #submit() {
    const text = this.#input.value.trim();
    this.focus();
    if (!text || length(text) > LIMIT) return;
    this.#fill("");
    this.#onSend(text);
  }

  #fill(text) {
    this.#input.value = text;
    this.#update();
  }

  #update() {
    rememberDraft(this.#input.value);
    const count = length(this.#input.value.trim());
    const tooLong = count > LIMIT;
    this.#input.parentElement.dataset.copy = this.#input.value;
    this.#send.disabled = count === 0 || tooLong;
    this.#counter.hidden = count < COUNT_FROM;
    this.#counter.classList.toggle("over", tooLong);
    this.#counter.textContent = tooLong
      ? this.#texts.get("too_long", { over: count - LIMIT })
      : this.#texts.get("counter", { count, limit: LIMIT });
    if (tooLong) this.#input.setAttribute("aria-invalid", "true");
    else this.#input.removeAttribute("aria-invalid");
    if (tooLong && !this.#wasTooLong) this.#announce(this.#counter.textContent);
    this.#wasTooLong = tooLong;
  }
}

/** Characters as the gateway counts them: an emoji is one, not two. */
function length(text) {
  return Array.from(text).length;
}
