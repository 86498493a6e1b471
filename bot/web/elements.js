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

/**
 * Gives an element exactly these children; those that it has already stay where they are, with the focus in them.
 *
 * @param {HTMLElement} parent
 * @param {Element[]} children those of them that it has, in the order in which it has them
 */
export function settle(parent, children) {
  for (const child of [...parent.children]) if (!children.includes(child)) child.remove();
  children.forEach((child, index) => {
    if (parent.children[index] !== child) parent.insertBefore(child, parent.children[index] ?? null);
  });
}

const SVG = "http://www.w3.org/2000/svg";
const LOGO = [
  ["M16 0h32a16 16 0 0 1 16 16v32a16 16 0 0 1-16 16H16A16 16 0 0 1 0 48V16A16 16 0 0 1 16 0z", "#0d4a5a"],
  ["M27 20 6 12v17z", "#f5b93a"],
  ["m37 20 21-8v17z", "#86803f"],
  ["M32 8.5 40 15H24zM23.500 26h17v3.500h-17zM27 31.500h10l3.600 19.500H23.400z", "#fff"],
  ["M27 16.500h10v8H27z", "#ffd773"],
  ["m26.260 35.500-1.100 6h13.680l-1.100-6z", "#1b7d92"],
  ["M13 54h38v2.600H13z", "#7cc9d8"],
];

/** @param {string} path of a 20 by 20 line drawing @returns {SVGElement} a picture that says nothing by itself */
export function icon(path) {
  const look = { d: path, fill: "none", stroke: "currentColor", "stroke-width": 1.5, "stroke-linejoin": "round" };
  return drawing(20, [{ ...look, "stroke-linecap": "round" }]);
}

/** @returns {SVGElement} the logo, drawn in place: other sites' policies may forbid pictures from here */
export function logo() {
  const made = drawing(64, LOGO.map(([d, fill]) => ({ d, fill })));
  made.setAttribute("class", "logo");
  return made;
}

function drawing(size, shapes) {
  const picture = svg("svg", { viewBox: `0 0 ${size} ${size}`, width: 20, height: 20, "aria-hidden": "true" });
  picture.append(...shapes.map((shape) => svg("path", shape)));
  return picture;
}

function svg(tag, attributes) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  return made;
}
