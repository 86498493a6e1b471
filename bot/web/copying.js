/** Takes an answer with its sources to the clipboard. */

import { sourceAddress } from "./api.js";
import { button, element, icon } from "./elements.js";

const SHEETS = "M7 7V4.500A1.500 1.500 0 0 1 8.500 3h7A1.500 1.500 0 0 1 17 4.500v7a1.500 1.500 0 0 1-1.500 1.500H13M4.500 7h7A1.500 1.500 0 0 1 13 8.500v7a1.500 1.500 0 0 1-1.500 1.500h-7A1.500 1.500 0 0 1 3 15.500v-7A1.500 1.500 0 0 1 4.500 7z";
const SHOWN = 3_000;

/**
 * @param {import("./conversation.js").Turn} turn
 * @param {import("./texts.js").Texts} texts
 * @returns {HTMLElement} a button that copies what the bot said, with its sources, and says that it did
 */
export function copyButton(turn, texts) {
  const words = texts.get("copy");
  const status = element("span", { class: "copied", role: "status" });
  const made = button("", copy, { class: "thumb copy", title: words, "aria-label": words });
  made.append(icon(SHEETS));
  return element("span", { class: "copying" }, made, status);

  async function copy() {
    const isDone = await write(copiedText(turn, texts), made);
    status.textContent = texts.get(isDone ? "copied" : "not_copied");
    setTimeout(() => (status.textContent = ""), SHOWN);
  }
}

/**
 * @param {import("./conversation.js").Turn} turn
 * @param {import("./texts.js").Texts} texts
 * @returns {string} the answer, then each source with its place, date and address
 */
export function copiedText(turn, texts) {
  return turn.messages
    .map(({ text, citations }) => [text, ...citations.map((citation) => source(citation, texts))].join("\n\n"))
    .join("\n\n");
}

function source({ title, page, heading, as_of: asOf, url }, texts) {
  const place = page ? texts.get("page", { page }) : heading !== title && heading;
  const facts = [title, place, asOf && texts.get("as_of", { date: texts.date(asOf) })].filter(Boolean);
  return `${texts.get("source")}: ${facts.join(", ")}\n${sourceAddress(url, texts.lang) ?? ""}`.trim();
}

/** Writes to the clipboard, by the older way where a page came over plain http or a policy forbids the newer one. */
async function write(text, near) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element("textarea", { class: "unseen", "aria-hidden": "true", tabindex: -1 });
    field.value = text;
    near.after(field);
    field.select();
    const isDone = document.execCommand("copy");
    field.remove();
    near.focus();
    return isDone;
  }
}
