/** Reads out what is new to people who do not see it. */

import { element } from "./elements.js";

const KEPT = 10_000;

/**
 * @param {HTMLElement} region with aria-live
 * @returns {(text: string, lang?: string) => void} announces a text once
 */
export function announcer(region) {
  return (text, lang) => {
    const line = element("p", { lang }, text);
    region.append(line);
    setTimeout(() => line.remove(), KEPT);
  };
}
