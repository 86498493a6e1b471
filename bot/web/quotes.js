/** Finds the quoted words in an answer. */

/**
 * @typedef {object} Segment a stretch of the answer
 * @property {string} text
 * @property {number[]} numbers the citations (from 1) it is quoted from; empty for words of the bot's own
 */

/**
 * Splits an answer into stretches that are quoted and stretches that are not.
 *
 * @param {string} text
 * @param {{quote: string}[]} citations
 * @returns {Segment[]} their texts together are `text`
 */
export function segments(text, citations) {
  const spans = merge(citations.map(({ quote }, index) => find(text, quote, index + 1)).filter((span) => span !== null));
  const found = [];
  let at = 0;
  for (const { start, end, numbers } of spans) {
    if (start > at) found.push({ text: text.slice(at, start), numbers: [] });
    found.push({ text: text.slice(start, end), numbers });
    at = end;
  }
  if (at < text.length) found.push({ text: text.slice(at), numbers: [] });
  return found;
}

/** The quote may be wrapped differently than in the answer: any white space stands for any other. */
function find(text, quote, number) {
  const words = quote.trim().split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  const pattern = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("\\s+");
  const match = new RegExp(pattern).exec(text);
  return match && { start: match.index, end: match.index + match[0].length, numbers: [number] };
}

/** Spans in reading order without overlaps; one that lies within another adds its number there. */
function merge(spans) {
  const merged = [];
  for (const span of spans.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last && span.end <= last.end) last.numbers.push(...span.numbers);
    else merged.push({ ...span, start: Math.max(span.start, last?.end ?? 0) });
  }
  return merged;
}
