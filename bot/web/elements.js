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

/** @param {string} path of a 20 by 20 line drawing @returns {SVGElement} a picture that says nothing by itself */
export function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const picture = document.createElementNS(space, "svg");
  for (const [name, value] of Object.entries({ viewBox: "0 0 20 20", width: 20, height: 20, "aria-hidden": "true" })) {
    picture.setAttribute(name, String(value));
  }
  const line = document.createElementNS(space, "path");
  const look = { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linejoin": "round" };
  for (const [name, value] of Object.entries(look)) line.setAttribute(name, String(value));
  picture.append(line);
  return picture;
}
