/** What the browser remembers between visits; where storage is blocked, for as long as the page is open. */

const PREFIX = "stadtlotse.";
const fallback = new Map();

/** @param {string} key @returns {any} what was stored, or null */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key) ?? "null");
  } catch {
    return fallback.get(key) ?? null;
  }
}

/** @param {string} key @param {any} value null forgets the key */
export function remember(key, value) {
  fallback.set(key, value);
  try {
    if (value === null) localStorage.removeItem(PREFIX + key);
    else localStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // blocked or full: the fallback holds it
  }
}

const DRAFT = `${PREFIX}draft`;

/** @returns {string} what was being written in this tab when it last left the page */
export function recallDraft() {
  try {
    return sessionStorage.getItem(DRAFT) ?? "";
  } catch {
    return "";
  }
}

/** @param {string} text */
export function rememberDraft(text) {
  try {
    if (text) sessionStorage.setItem(DRAFT, text);
    else sessionStorage.removeItem(DRAFT);
  } catch {
    // blocked or full: it is gone with the page
  }
}

/** @param {(key: string) => void} onChange called when another tab has changed what is remembered */
export function whenChangedElsewhere(onChange) {
  window.addEventListener("storage", ({ key }) => {
    if (key?.startsWith(PREFIX)) onChange(key.slice(PREFIX.length));
  });
}
