/**
 * Markdown tokens in bounded time. For each `*` and `[` the parser searches the rest of the text for its end, so a
 * hostile text could block the page for minutes. Long texts are therefore parsed in pieces, and each piece has a limit on
 * how many characters are searched.
 */
import { Marked, type Token } from "marked";

/** A piece that can't be cut at a blank line is shown as it is written. */
const MAX_PIECE_CHARS = 12_000;
/** Characters searched for the ends of emphasis, for one piece: many times what ordinary text needs. */
const MAX_LOOKED_CHARS = 200_000;

let looked = 0;
const marked = new Marked({ gfm: true, breaks: true });
marked.use({
  tokenizer: {
    emStrong(src) {
      looked += src.length;
      // `false` lets the parser search as usual; `undefined` says that this isn't emphasis.
      return looked > MAX_LOOKED_CHARS ? undefined : false;
    },
  },
});

const FENCE = /^ {0,3}(```|~~~)/;

/** Cuts the text at blank lines outside code, each piece as long as the limit allows. */
function pieces(text: string): readonly string[] {
  if (text.length <= MAX_PIECE_CHARS) return [text];
  const found: string[] = [];
  let start = 0;
  let cut = 0;
  let fence: string | null = null;
  for (let at = 0; at < text.length; ) {
    const newline = text.indexOf("\n", at);
    const end = newline < 0 ? text.length : newline + 1;
    const mark = FENCE.exec(text.slice(at, Math.min(end, at + 8)))?.[1];
    if (mark !== undefined) fence = fence === null ? mark : fence === mark ? null : fence;
    if (end - start > MAX_PIECE_CHARS && cut > start) {
      found.push(text.slice(start, cut));
      start = cut;
    }
    if (fence === null && text.slice(at, end).trim() === "") cut = end;
    at = end;
  }
  return [...found, text.slice(start)];
}

function lexPiece(text: string): readonly Token[] | string {
  if (text.length > MAX_PIECE_CHARS) return text;
  looked = 0;
  try {
    return marked.lexer(text);
  } catch {
    // Quotes or lists that are nested thousands deep overflow the parser's stack.
    return text;
  }
}

/** For each piece its tokens, or its text if it isn't parsed. */
export const lexMarkdown = (text: string): readonly (readonly Token[] | string)[] => pieces(text).map(lexPiece);
