/** highlight.js's markup (spans with classes, and escaped text) as flat pieces, so that no HTML is put into the page. */

export interface Span {
  /** Such as `hljs-keyword`; empty for plain text. */
  readonly className: string;
  readonly text: string;
}

const ESCAPED: { readonly [entity: string]: string } = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};
const plain = (text: string): string =>
  text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => ESCAPED[entity] ?? entity);

/** Splits the markup into pieces whose texts join to the highlighted text. Inside nested spans the innermost class applies. */
export function toSpans(markup: string): readonly Span[] {
  const spans: Span[] = [];
  const open: string[] = [];
  for (const [token, className] of markup.matchAll(/<span class="([^"]*)">|<\/span>|[^<]+/g)) {
    if (className !== undefined) open.push(className);
    else if (token === "</span>") open.pop();
    else spans.push({ className: open.at(-1) ?? "", text: plain(token) });
  }
  return spans;
}
