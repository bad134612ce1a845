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

/** Pieces whose texts, put together, are the highlighted text. Of nested spans the innermost gives the class. */
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
