/**
 * Lines of one transcript, read a page at a time as the view needs them. The cache is bounded and drops the least
 * recently used pages. A page that is no longer wanted when its turn comes is not read.
 */
import type { TranscriptLine } from "../worker/api.ts";

export interface PageCacheOptions {
  /** Returns lines `[from, to)`; fewer at the end. */
  readonly read: (from: number, to: number) => Promise<readonly TranscriptLine[]>;
  /** Something can be drawn that couldn't before, or a read failed. */
  readonly onChange: () => void;
  readonly pageLines?: number | undefined;
  readonly maxPages?: number | undefined;
  /** The most reads at one time. */
  readonly concurrency?: number | undefined;
}

export interface FailedPage {
  /** Lines `[from, to)`. */
  readonly from: number;
  readonly to: number;
  readonly error: unknown;
}

export interface PageCache {
  /** The line, or `undefined` until it has been read. */
  get(index: number): TranscriptLine | undefined;
  /** Lines `[from, to)` are in view: reads them, then `ahead` more on both sides. Replaces the previous range. */
  want(from: number, to: number, ahead?: number): void;
  /** Sets the new number of lines. If the last page was read while it was shorter, reads it again. */
  grow(lineCount: number): void;
  /** The first failed page that touches `[from, to)`. */
  failureIn(from: number, to: number): FailedPage | undefined;
  /** Reads failed pages again, if they are still wanted. */
  retry(): void;
  /** Replaces a cut line by the whole line. */
  replace(line: TranscriptLine): void;
  /** The number of pages in the cache. */
  readonly size: number;
  /** Ignores the results of reads that are still running. */
  close(): void;
}

interface Page {
  lines: readonly TranscriptLine[];
  reading: boolean;
  error: unknown;
}

export function createPageCache(lineCount: number, options: PageCacheOptions): PageCache {
  const { read, onChange, pageLines = 64, maxPages = 48, concurrency = 2 } = options;
  /** Ordered by last use, the oldest first. */
  const pages = new Map<number, Page>();
  let wanted: readonly number[] = [];
  let total = lineCount;
  let running = 0;
  let closed = false;

  const linesOf = (number: number): number => Math.min(pageLines, total - number * pageLines);
  const isDue = (number: number): boolean => {
    const page = pages.get(number);
    return !page || (!page.reading && page.error === undefined && page.lines.length < linesOf(number));
  };

  const use = (number: number): Page => {
    const page = pages.get(number) ?? { lines: [], reading: false, error: undefined };
    pages.delete(number);
    pages.set(number, page);
    return page;
  };

  const evict = (): void => {
    for (const [number, page] of pages) {
      if (pages.size <= maxPages) return;
      if (!page.reading && !wanted.includes(number)) pages.delete(number);
    }
  };

  async function fetchPage(number: number): Promise<void> {
    const page = use(number);
    const from = number * pageLines + page.lines.length;
    page.reading = true;
    running++;
    try {
      const lines = await read(from, number * pageLines + linesOf(number));
      page.lines = [...page.lines, ...lines];
      // Without an error, lines that don't exist would be requested again forever.
      if (lines.length === 0) page.error = new Error("The session ended before these lines.");
    } catch (error) {
      page.error = error ?? new Error("unknown");
    }
    page.reading = false;
    running--;
    if (closed) return;
    evict();
    onChange();
    pump();
  }

  function pump(): void {
    for (const number of wanted) {
      if (closed || running >= concurrency) return;
      if (isDue(number)) void fetchPage(number);
    }
  }

  return {
    get(index) {
      const page = pages.get(Math.floor(index / pageLines));
      return page?.lines[index % pageLines];
    },
    want(from, to, ahead = 0) {
      const first = Math.floor(Math.max(0, from - ahead) / pageLines);
      const last = Math.floor((Math.min(total, to + ahead) - 1) / pageLines);
      /** The number of pages between this one and the lines in view. */
      const away = (number: number): number =>
        Math.max(0, Math.floor(from / pageLines) - number, number - Math.floor((to - 1) / pageLines));
      wanted = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i).sort(
        (a, b) => away(a) - away(b),
      );
      for (const number of wanted.toReversed()) if (pages.has(number)) use(number);
      pump();
    },
    grow(lineCount) {
      total = lineCount;
      pump();
    },
    failureIn(from, to) {
      for (let number = Math.floor(from / pageLines); number * pageLines < to; number++) {
        const error = pages.get(number)?.error;
        if (error !== undefined) {
          const start = number * pageLines;
          return { from: start + (pages.get(number)?.lines.length ?? 0), to: start + linesOf(number), error };
        }
      }
      return undefined;
    },
    retry() {
      const failed = [...pages.values()].filter((page) => page.error !== undefined);
      for (const page of failed) page.error = undefined;
      pump();
      if (failed.length > 0) onChange();
    },
    replace(line) {
      const page = pages.get(Math.floor(line.index / pageLines));
      if (page) page.lines = page.lines.map((old) => (old.index === line.index ? line : old));
      onChange();
    },
    get size() {
      return pages.size;
    },
    close() {
      closed = true;
    },
  };
}
