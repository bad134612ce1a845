/** Adds colours after the text is shown, when the browser is idle. */
import { useEffect, useState } from "preact/hooks";
import { type Span, toSpans } from "./spans.ts";

/** Longer code stays plain. */
export const MAX_HIGHLIGHT_CHARS = 30_000;
/** The size of the cache, in characters of code; it keeps colours from flashing when the reader scrolls back. */
const REMEMBERED_CHARS = 2_000_000;

const remembered = new Map<string, readonly Span[]>();
let rememberedChars = 0;

function remember(key: string, spans: readonly Span[]): void {
  remembered.set(key, spans);
  rememberedChars += key.length;
  for (const old of remembered.keys()) {
    if (rememberedChars <= REMEMBERED_CHARS) return;
    remembered.delete(old);
    rememberedChars -= old.length;
  }
}

/** Safari has no idle callbacks. */
const whenIdle = (run: () => void): (() => void) => {
  if (typeof requestIdleCallback === "undefined") {
    const timer = setTimeout(run, 50);
    return () => clearTimeout(timer);
  }
  const handle = requestIdleCallback(run, { timeout: 1000 });
  return () => cancelIdleCallback(handle);
};

/** `null` until the colours are ready, or if the language isn't known. */
export function useHighlight(text: string, language: string | null): readonly Span[] | null {
  const key = language === null || text.length > MAX_HIGHLIGHT_CHARS ? null : `${language}\n${text}`;
  const [, show] = useState(0);
  useEffect(() => {
    if (key === null || language === null || remembered.has(key)) return;
    let cancelIdle = (): void => {};
    let gone = false;
    import("./languages.ts").then(
      ({ markup }) => {
        if (gone) return;
        cancelIdle = whenIdle(() => {
          const html = markup(text, language);
          if (html === null) return;
          remember(key, toSpans(html));
          show((times) => times + 1);
        });
      },
      // If the chunk is gone (a new version was deployed), code stays plain.
      () => {},
    );
    return () => {
      gone = true;
      cancelIdle();
    };
  }, [key]);
  return key === null ? null : (remembered.get(key) ?? null);
}
