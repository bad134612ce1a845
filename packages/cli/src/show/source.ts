/** The numbered lines of one file of a session, from its start or from anywhere in it. */
import { type ArchiverError, OUTPUT, type SessionLine } from "@session-archiver/core";
import { LONGEST_LINE } from "@session-archiver/transcripts";
import type { CommandContext } from "../command.js";
import { CUT_CHARS, type NumberedLine, numberedLines } from "./numbered-lines.js";

interface SourceFile {
  /** The session. */
  readonly id: string;
  /** The transcript by default. */
  readonly name: string | undefined;
  /** Keys of the session's archive files. */
  readonly archives: ReadonlySet<string>;
}

export interface Source {
  /** Lines from `from` to `to`, counted from 1, both included. Without `to`, they are read as if to the end. */
  lines(from: number, to?: number): AsyncGenerator<NumberedLine>;
  /** The same, backwards from the end. */
  backwards(): AsyncGenerator<NumberedLine>;
  /** Their number. */
  total(): Promise<number>;
  /** Damage of the archive that was read past. */
  damage(): ArchiverError | undefined;
}

const LAST = Number.MAX_SAFE_INTEGER;
const PAGE_LINES = 128;

/** `PRUNED` for a session that is pruned. */
export async function openSource(
  { archiver, signal }: Pick<CommandContext, "archiver" | "signal">,
  { id, name = OUTPUT, archives }: SourceFile,
): Promise<Source> {
  let damage: ArchiverError | undefined;
  // Where the manifest is wrong or missing, all bytes are found and checked without it.
  const onWarning = (error: ArchiverError): void => {
    if (error.key !== undefined && archives.has(error.key)) damage ??= error;
  };
  const opened = await archiver.openLines(id, { name, signal, onWarning });
  const whole = async (line: SessionLine): Promise<NumberedLine> => {
    const isShort = !line.truncated || line.bytes > LONGEST_LINE;
    const [again = line] = isShort ? [line] : await opened.lines(line.index, line.index + 1);
    return { number: again.index + 1, text: again.text, bytes: again.bytes, truncated: again.truncated };
  };
  // So that a page never holds much: lines that are longer, and not too long, are read again one by one.
  const page = (from: number, to: number): Promise<readonly SessionLine[]> =>
    opened.lines(from, to, { maxChars: CUT_CHARS });
  return {
    async *lines(from, to = LAST) {
      if (from === 1 && to === LAST) {
        // Costs least for all of it, but reads ahead.
        const { files } = await archiver.openFiles(id, { signal, onWarning });
        const file = files.find((one) => one.name === name);
        if (file) yield* numberedLines(file.scan(), 1);
        return;
      }
      for (let at = from - 1; at < to; at += PAGE_LINES) {
        const end = Math.min(to, at + PAGE_LINES);
        const lines = await page(at, end);
        for (const line of lines) yield await whole(line);
        if (lines.length < end - at) return;
      }
    },
    async *backwards() {
      for (let end = await opened.lineCount(); end > 0; end -= PAGE_LINES) {
        const lines = await page(Math.max(0, end - PAGE_LINES), end);
        for (const line of lines.toReversed()) yield await whole(line);
      }
    },
    total: () => opened.lineCount(),
    damage: () => damage,
  };
}
