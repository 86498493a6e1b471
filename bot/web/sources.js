/** The cards that show where an answer comes from. */

import { sourceAddress } from "./api.js";
import { element } from "./elements.js";

/**
 * @param {{number: number, citation: object}[]} cited
 * @param {string} label heading of the list
 * @param {string} prefix of the cards' ids: the card of citation 2 has the id `${prefix}-2`
 * @param {import("./texts.js").Texts} texts
 * @returns {HTMLElement[]} heading and list; nothing where there is no citation
 */
export function sourceCards(cited, label, prefix, texts) {
  if (!cited.length) return [];
  const heading = element("p", { class: "label", id: `${prefix}-${cited[0].number}-label` }, label);
  const cards = cited.map(({ number, citation }) => card(number, citation, prefix, texts));
  return [heading, element("ol", { class: "sources", "aria-labelledby": heading.id }, ...cards)];
}

/**
 * The cards of a list or table, which has many: folded until they are opened or a number leads to one.
 *
 * @param {{number: number, citation: object}[]} cited
 * @param {string} prefix of the cards' ids
 * @param {import("./texts.js").Texts} texts
 * @returns {HTMLElement[]} nothing where there is no citation
 */
export function foldedSources(cited, prefix, texts) {
  if (!cited.length) return [];
  const cards = cited.map(({ number, citation }) => card(number, citation, prefix, texts));
  return [
    element(
      "details",
      { class: "folded" },
      element("summary", { lang: texts.lang }, texts.get("all_sources", { count: cited.length })),
      element("ol", { class: "sources" }, ...cards),
    ),
  ];
}

function card(number, citation, prefix, texts) {
  const id = `${prefix}-${number}`;
  const facts = [
    citation.page && texts.get("page", { page: citation.page }),
    citation.heading !== citation.title && citation.heading,
    citation.as_of && texts.get("as_of", { date: texts.date(citation.as_of) }),
  ].filter(Boolean);
  const hosts = [...new Set(citation.origins.map(host).filter(Boolean))];
  return element(
    "li",
    { class: "source" },
    element("span", { class: "number", "aria-hidden": "true" }, String(number)),
    element(
      "a",
      { id, href: sourceAddress(citation.url, texts.lang), target: "_blank", rel: "noopener" },
      element("span", { class: "unseen" }, `${texts.get("source_number", { number })}: `),
      element("span", { lang: citation.lang }, citation.title),
      element("span", { class: "unseen" }, ` (${texts.get("new_tab")})`),
    ),
    facts.length ? element("ul", { class: "facts" }, ...facts.map((fact) => element("li", {}, fact))) : null,
    element("blockquote", { class: "excerpt", lang: citation.lang }, citation.quote),
    hosts.length ? element("p", { class: "origin" }, texts.get("origin", { hosts: hosts.join(", ") })) : null,
  );
}

function host(address) {
  try {
    return new URL(address).hostname.replace(/^www\./, "");
  } catch {
    return null;
  }
}
