/** Builds page elements. Text only ever becomes text: nothing here parses HTML. */

/**
 * @param {string} tag
 * @param {Record<string, string | number | boolean | null | undefined>} attributes left out when null, undefined or false
 * @param {...(Node | string | null)} children strings become text nodes; null is left out
 * @returns {HTMLElement}
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/**
 * @param {string} label
 * @param {() => void} onPress
 * @param {Record<string, string | null>} attributes
 * @returns {HTMLElement} a button that says `label`
 */
export function button(label, onPress, attributes = {}) {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", onPress);
  return made;
}
