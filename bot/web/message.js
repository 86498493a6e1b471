/** One message of the bot as it stands in the conversation. */

import { button, element } from "./elements.js";
import { itemsView, progressView, tableView } from "./listing.js";
import { segments } from "./quotes.js";
import { foldedSources, sourceCards } from "./sources.js";

/**
 * @param {object} message as the gateway sends it
 * @param {string} id unique on the page
 * @param {import("./texts.js").Texts} texts
 * @param {(text: string) => void} onSuggestion called with the text of a suggestion that was pressed
 * @returns {HTMLElement}
 */
export function messageView(message, id, texts, onSuggestion) {
  const prefix = `source-${id}`;
  // What a list or table shows is not said before it too.
  const parts = segments(message.lead ?? message.text, message.lead ? [] : message.citations);
  const quoted = new Set(parts.flatMap((part) => part.numbers));
  const cited = message.citations.map((citation, index) => ({ number: index + 1, citation }));
  const direct = cited.filter(({ number }) => quoted.has(number));
  const further = cited.filter(({ number }) => !quoted.has(number));
  const toCard = (number) => reference(number, `${prefix}-${number}`, texts);
  return element(
    "article",
    { class: `message ${message.kind}` },
    element(
      "div",
      { class: "body", lang: message.lang },
      element("span", { class: "unseen", lang: texts.lang }, `${texts.get("bot")} `),
      ...progressView(message.progress, texts),
      ...parts.flatMap((part) => (part.numbers.length ? quote(part, message.citations, prefix, texts) : [part.text])),
    ),
    ...itemsView(message.items ?? [], message.lang, toCard),
    ...tableView(message.table, message.lang, toCard),
    ...(message.lead
      ? foldedSources(cited, prefix, texts)
      : [
          ...sourceCards(direct, texts.get(direct.length === 1 ? "source" : "sources"), prefix, texts),
          ...sourceCards(further, texts.get("further_sources"), prefix, texts),
        ]),
    ...suggestions(message, id, texts, onSuggestion),
  );
}

function quote({ text, numbers }, citations, prefix, texts) {
  const references = numbers.map((number) => reference(number, `${prefix}-${number}`, texts));
  return [element("q", { lang: citations[numbers[0] - 1].lang }, text), ...references];
}

function reference(number, card, texts) {
  const label = texts.get("source_number", { number });
  const link = element("a", { class: "reference", href: `#${card}`, title: label, "aria-label": label }, String(number));
  link.addEventListener("click", (event) => {
    event.preventDefault(); // a fragment in the address would only fill the browser's history
    const target = document.getElementById(card);
    target?.closest("details")?.setAttribute("open", "");
    target?.focus();
  });
  return link;
}

function suggestions(message, id, texts, onSuggestion) {
  if (!message.suggestions.length) return [];
  const words = texts.get(message.kind === "choice" ? "choices" : "suggestions");
  const label = element("p", { class: "label suggestions-label", id: `suggestions-${id}` }, words);
  const items = message.suggestions.map(({ title, payload }) => element("li", {}, button(title, () => onSuggestion(payload))));
  return [label, element("ul", { class: "suggestions", lang: message.lang, "aria-labelledby": label.id }, ...items)];
}
