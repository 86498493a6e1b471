/** The cards that show where an answer comes from. */

import { sourceAddress } from "./api.js";
import { element } from "./elements.js";

const MOST = 20; // passages that one address leads to

/**
 * @param {{number: number, citation: object, also: number[]}[]} cited
 * @param {string} label heading of the list
 * @param {string} prefix of the cards' ids: the card of citation 2 has the id `${prefix}-2`
 * @param {import("./texts.js").Texts} texts
 * @returns {HTMLElement[]} heading and list; nothing where there is no citation
 */
export function sourceCards(cited, label, prefix, texts) {
  if (!cited.length) return [];
  const heading = element("p", { class: "label", id: `${prefix}-${cited[0].number}-label` }, label);
  const cards = cited.map((one) => card(one, prefix, texts));
  return [heading, element("ol", { class: "sources", "aria-labelledby": heading.id }, ...cards)];
}

/**
 * The cards of a list or table, which has many: folded until they are opened or a number leads to one.
 *
 * @param {{number: number, citation: object, also: number[]}[]} cited
 * @param {string} prefix of the cards' ids
 * @param {import("./texts.js").Texts} texts
 * @returns {HTMLElement[]} nothing where there is no citation
 */
export function foldedSources(cited, prefix, texts) {
  if (!cited.length) return [];
  const cards = cited.map((one) => card(one, prefix, texts));
  return [
    element(
      "details",
      { class: "folded" },
      element("summary", { lang: texts.lang }, texts.get("all_sources", { count: cited.length })),
      element("ol", { class: "sources" }, ...cards),
    ),
  ];
}

function card({ number, citation, also }, prefix, texts) {
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
      { id, href: sourceAddress(citation.url, texts.lang, also), target: "_blank", rel: "noopener" },
      element("span", { class: "unseen" }, `${texts.get("source_number", { number })}: `),
      element("span", { lang: citation.lang }, citation.title),
      element("span", { class: "unseen" }, ` (${texts.get("new_tab")})`),
    ),
    facts.length ? element("ul", { class: "facts" }, ...facts.map((fact) => element("li", {}, fact))) : null,
    element("blockquote", { class: "excerpt", lang: citation.lang }, citation.quote),
    hosts.length ? element("p", { class: "origin" }, texts.get("origin", { hosts: hosts.join(", ") })) : null,
  );
}

/**
 * @param {{url: string}} citation
 * @param {{url: string}[]} all citations of a conversation
 * @returns {number[]} the other passages of its document that are among them
 */
export function citedBeside(citation, all) {
  const own = placeOf(citation);
  const others = all.map(placeOf).filter((place) => place && place.document === own?.document && place.passage !== own.passage);
  return [...new Set(others.map(({ passage }) => passage))].sort((a, b) => a - b).slice(0, MOST);
}

function placeOf({ url }) {
  const [, document, passage] = /^\/sources\/(.+)\/(\d+)(?:\?|$)/.exec(url) ?? [];
  return document ? { document, passage: Number(passage) } : null;
}

function host(address) {
  try {
    return new URL(address).hostname.replace(/^www\./, "");
  } catch {
    return null;
  }
}
