/** What a message holds beside its text: a list, a table, and how far a guided search has come. */

import { element } from "./elements.js";

// More columns than these, beside that of the rows' heads, do not fit at one width, or hardly at all.
const MANY = 3;
const CROWDED = 6;

/**
 * @callback Reference
 * @param {number} number of a citation, from 1
 * @returns {HTMLElement} the link to its card
 */

/**
 * @param {{title: string, details: {text: string, citations: number[]}[], is_past: boolean}[]} items
 * @param {string} lang
 * @param {Reference} reference
 * @returns {HTMLElement[]} the list; nothing where there are no items
 */
export function itemsView(items, lang, reference) {
  if (!items.length) return [];
  const entries = items.map(({ title, details, is_past: isPast }) =>
    element(
      "li",
      { class: isPast ? "item past" : "item" },
      element("strong", {}, title),
      ...details.map((detail) => element("p", {}, ...cellParts(detail, reference))),
    ),
  );
  return [element("ol", { class: "items", lang }, ...entries)];
}

/**
 * A table that keeps its meaning where style sheets stack its cells on narrow screens: hence the roles.
 *
 * @param {{caption: string, header: string[], rows: {head: string, cells: object[]}[]} | null | undefined} table
 * @param {string} lang
 * @param {Reference} reference
 * @returns {HTMLElement[]} the table; nothing where there is none
 */
export function tableView(table, lang, reference) {
  if (!table) return [];
  const heads = table.header.map((head) => element("th", { scope: "col", role: "columnheader" }, head));
  const rows = table.rows.map(({ head, cells }) =>
    element(
      "tr",
      { role: "row" },
      element("th", { scope: "row", role: "rowheader" }, head),
      ...cells.map((cell, column) => tableCell(cell, table.header[column], reference)),
    ),
  );
  return [
    element(
      "table",
      { class: tableClass(heads.length), role: "table", lang },
      element("caption", {}, table.caption),
      element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, element("td", { role: "cell" }), ...heads)),
      element("tbody", { role: "rowgroup" }, ...rows),
    ),
  ];
}

function tableClass(columns) {
  return ["table", columns > MANY && "many", columns > CROWDED && "crowded"].filter(Boolean).join(" ");
}

/**
 * @param {{step: number, of: number, label: string} | null | undefined} progress
 * @param {import("./texts.js").Texts} texts
 * @returns {HTMLElement[]} the step in words and as a bar; nothing outside a guided search
 */
export function progressView(progress, texts) {
  if (!progress) return [];
  const { step, of, label } = progress;
  const dots = Array.from({ length: of }, (_, index) => element("i", { class: index < step ? "done" : null }));
  return [
    element(
      "p",
      { class: "progress", lang: texts.lang },
      element("span", {}, `${texts.get("step", { step, of })}: ${label}`),
      element("span", { class: "steps", "aria-hidden": "true" }, ...dots),
    ),
  ];
}

function tableCell(cell, head, reference) {
  // The head is seen only where the cells are stacked; a reader of the table hears it from its column.
  const label = element("span", { class: "cell-head", "aria-hidden": "true" }, head);
  return element("td", { role: "cell", class: cell.citations.length ? null : "empty" }, label, ...cellParts(cell, reference));
}

const LONG_WORD = 24; // may have to be broken itself in a narrow cell

/** The words, then the numbers of their sources; the first of these stands beside the last word, never alone. */
function cellParts({ text, citations }, reference) {
  const numbers = citations.map(reference);
  const last = /\S*$/.exec(text)[0];
  if (!numbers.length || last.length > LONG_WORD) return [text, ...numbers];
  return [text.slice(0, text.length - last.length), element("span", { class: "end" }, last, numbers[0]), ...numbers.slice(1)];
}
