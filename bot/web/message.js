/** One message of the bot as it stands in the conversation. */

import { transcriptAddress } from "./api.js";
import { button, element, logo } from "./elements.js";
import { itemsView, progressView, tableView } from "./listing.js";
import { segments } from "./quotes.js";
import { citedBeside, foldedSources, sourceCards } from "./sources.js";

const FEW = 3; // sources of a list or table that are shown without being asked for

/**
 * @param {object} message as the gateway sends it
 * @param {string} id unique on the page
 * @param {import("./texts.js").Texts} texts
 * @param {{onSuggestion: (text: string) => void, conversation: () => string, citations: () => object[]}} handlers
 *   onSuggestion is called with the text of a suggestion that was pressed, citations gives those of all messages
 * @returns {HTMLElement}
 */
export function messageView(message, id, texts, handlers) {
  const prefix = `source-${id}`;
  // What a list or table shows is not said before it too.
  const parts = segments(message.lead ?? message.text, message.lead ? [] : message.citations);
  const quoted = new Set(parts.flatMap((part) => part.numbers));
  const all = handlers.citations();
  const cited = message.citations.map((citation, index) => ({
    number: index + 1,
    citation,
    also: citedBeside(citation, all),
  }));
  const direct = cited.filter(({ number }) => message.lead || quoted.has(number));
  const further = cited.filter(({ number }) => !message.lead && !quoted.has(number));
  const toCard = (number) => reference(number, `${prefix}-${number}`, texts);
  return element(
    "article",
    { class: `message ${message.kind}` },
    logo(),
    element(
      "div",
      { class: "body", lang: message.lang },
      element("span", { class: "unseen", lang: texts.lang }, `${texts.get("bot")} `),
      ...progressView(message.progress, texts),
      ...parts.flatMap((part) => (part.numbers.length ? quote(part, message.citations, prefix, texts) : [part.text])),
    ),
    ...itemsView(message.items ?? [], message.lang, toCard),
    ...tableView(message.table, message.lang, toCard),
    ...(message.lead && cited.length > FEW
      ? foldedSources(cited, prefix, texts)
      : [
          ...sourceCards(direct, texts.get(direct.length === 1 ? "source" : "sources"), prefix, texts),
          ...sourceCards(further, texts.get("further_sources"), prefix, texts),
        ]),
    ...suggestions(message, id, texts, handlers),
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
    const target = link.getRootNode().getElementById(card);
    target?.closest("details")?.setAttribute("open", "");
    target?.focus();
  });
  return link;
}

function suggestions(message, id, texts, handlers) {
  if (!message.suggestions.length) return [];
  const label = element("p", { class: "label suggestions-label", id: `suggestions-${id}` }, texts.get(heading(message)));
  const items = message.suggestions.map((suggestion) => element("li", {}, offer(suggestion, texts, handlers)));
  return [label, element("ul", { class: "suggestions", lang: message.lang, "aria-labelledby": label.id }, ...items)];
}

function heading({ kind, suggestions }) {
  if (kind === "choice") return "choices";
  return suggestions.some(({ does }) => does === "save") ? "ways" : "suggestions";
}

/** What a suggestion offers: something to say, or the conversation as a file. */
function offer({ title, payload, does }, texts, { onSuggestion, conversation }) {
  if (does === "save") return element("a", { href: transcriptAddress(conversation(), texts.lang), download: true }, title);
  return button(title, () => onSuggestion(payload));
}
