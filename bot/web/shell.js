/** The parts of the chat that stand there before anything is said: header, conversation, field. */

import { element, icon, logo } from "./elements.js";

export const PLUS = "M10 4v12M4 10h12";
const MORE = "M4 5.500h12M4 10h12M4 14.500h12";
const CROSS = "m5 5 10 10M15 5 5 15";
const ARROW = "M10 16V4M4.500 9.500 10 4l5.500 5.500";

/**
 * @param {boolean} isPage whether the chat is the page, not a panel on somebody else's
 * @returns {HTMLElement} header, conversation and field, without their words
 */
export function shell(isPage) {
  // A panel brings no landmarks and no first heading into the page around it.
  const [bar, main, dock] = isPage ? ["header", "main", "footer"] : ["div", "div", "div"];
  const [first, second, third] = isPage ? ["h1", "h2", "h3"] : ["h2", "h3", "h4"];
  // No link: its target lies where no address leads.
  const skip = element("button", { type: "button", class: "skip", "data-text": "skip" });
  return element(
    "div",
    { class: "app" },
    element(bar, { class: "bar" }, isPage ? skip : null, header(first, isPage), element("p", { class: "banner", id: "banner", role: "status" })),
    element(main, { class: "scroller", id: "scroller" }, welcome(second, third), conversation(second)),
    element(dock, { class: "dock" }, composer(), element("p", { class: "column notice", "data-text": "notice" })),
    element("div", { class: "unseen", id: "announcements", "aria-live": "polite" }),
  );
}

/**
 * @param {string} words key of what the button says, seen or not
 * @param {string} path of its drawing
 * @param {Record<string, string | boolean | null>} attributes
 * @returns {HTMLElement} a button whose words come with `Texts.apply`
 */
export function toolButton(words, path, attributes = {}) {
  const label = element("span", { class: "words", "data-text": words });
  return element("button", { type: "button", class: "plain", "data-title": words, ...attributes }, icon(path), label);
}

function header(heading, isPage) {
  return element(
    "div",
    { class: "column bar-row" },
    logo(),
    element(
      "div",
      { class: "brand" },
      element(heading, { id: "name", "data-text": "name" }),
      element("p", { "data-text": "tagline" }),
    ),
    element(
      "div",
      { class: "languages", role: "group", "data-aria-label": "language" },
      element("button", { type: "button", value: "de", lang: "de", title: "Deutsch" }, "DE"),
      element("button", { type: "button", value: "en", lang: "en", title: "English" }, "EN"),
    ),
    toolButton("new_conversation", PLUS, { id: "anew" }),
    toolButton("menu", MORE, { id: "more", class: "plain bare", "aria-expanded": "false", "aria-controls": "menu" }),
    isPage ? null : toolButton("close", CROSS, { id: "close", class: "plain bare" }),
    element("div", { class: "menu", id: "menu", hidden: true }),
  );
}

function welcome(second, third) {
  return element(
    "section",
    { class: "column welcome", id: "welcome", "aria-labelledby": "welcome-heading", hidden: true },
    logo(),
    element(second, { id: "welcome-heading", "data-text": "welcome_heading" }),
    element("p", { class: "lead", id: "greeting" }),
    element("p", { class: "first-visit", id: "first-visit" }),
    element(third, { class: "label", id: "examples-heading", "data-text": "examples" }),
    element("ul", { class: "examples", id: "examples", "aria-labelledby": "examples-heading" }),
  );
}

function conversation(second) {
  return element(
    "section",
    { class: "column", "aria-labelledby": "log-heading" },
    element(second, { class: "unseen", id: "log-heading", "data-text": "log" }),
    element("div", { class: "log", id: "log", role: "log", "aria-live": "off", "aria-labelledby": "log-heading" }),
  );
}

function composer() {
  const input = {
    id: "input",
    name: "text",
    rows: 1,
    autocomplete: "off",
    enterkeyhint: "send",
    "data-placeholder": "placeholder",
    "aria-describedby": "counter",
  };
  return element(
    "form",
    { class: "column composer", id: "composer", novalidate: true },
    element(
      "div",
      { class: "field" },
      element("label", { class: "unseen", for: "input", "data-text": "input" }),
      element("div", { class: "grow" }, element("textarea", input)),
      toolButton("send", ARROW, { type: "submit", class: "send" }),
    ),
    element("p", { class: "counter", id: "counter", hidden: true }),
  );
}
