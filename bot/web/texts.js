/** The page's words in one language. */

import { getTexts } from "./api.js";
import { words } from "./words.js";

export const LANGUAGES = ["de", "en"];

export class Texts {
  #words;

  /** @param {string} lang @param {Record<string, string>} words */
  constructor(lang, words) {
    this.lang = lang;
    this.#words = words;
  }

  /** @param {string} lang @returns {Promise<Texts>} */
  static async load(lang) {
    return new Texts(lang, words[lang] ?? (await getTexts(lang)));
  }

  /**
   * @param {string} key
   * @param {Record<string, string | number>} values for the {placeholders}
   * @returns {string}
   */
  get(key, values = {}) {
    const words = this.#words[key] ?? key;
    return words.replace(/\{(\w+)\}/g, (placeholder, name) => String(values[name] ?? placeholder));
  }

  /** @returns {string[]} the example questions, in order */
  get examples() {
    return Object.keys(this.#words)
      .filter((key) => /^example_\d+$/.test(key))
      .map((key) => this.#words[key]);
  }

  /**
   * @param {string} asOf an ISO date or month, or what else the source says
   * @returns {string} the same as people of this language write it
   */
  date(asOf) {
    const iso = /^(\d{4})-(\d{2})(?:-(\d{2}))?$/.exec(asOf);
    if (asOf === "ohne Datum") return this.get("undated");
    if (!iso) return asOf;
    const [, year, month, day] = iso;
    const moment = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day ?? 1)));
    const locale = this.lang === "de" ? "de-DE" : "en-GB";
    return moment.toLocaleDateString(locale, { year: "numeric", month: "long", day: day && "numeric", timeZone: "UTC" });
  }

  /**
   * Writes the words into every element that asks for them with a data-… attribute.
   *
   * @param {ParentNode} root
   */
  apply(root) {
    for (const target of root.querySelectorAll("[data-text]")) target.textContent = this.get(target.dataset.text);
    for (const attribute of ["aria-label", "placeholder", "title"]) {
      for (const target of root.querySelectorAll(`[data-${attribute}]`)) {
        target.setAttribute(attribute, this.get(target.getAttribute(`data-${attribute}`)));
      }
    }
  }
}
