/**
 * What reads of one catalogue's sessions must give: the lines written to it, in order. It is set back and copied with the
 * catalogue.
 */

/** `pending`: not answered. `sure`: acknowledged. `unsure`: may be there. `gone`: purged or refused. */
type State = "pending" | "sure" | "unsure" | "gone";

interface Entry {
  readonly line: string;
  readonly state: State;
}

export interface History {
  /** Lines by session and file. */
  readonly files: Map<string, Entry[]>;
  begin(file: string, line: string): void;
  answer(file: string, line: string, state: "sure" | "gone"): void;
  /** Notes that the lines in the session's archive were given up. Its other lines are live. */
  purge(id: string, archived: string, live: string): void;
  /**
   * Notes that the session is gone. Lines that were being written to it, or restored, may come to a later session of the same
   * id.
   */
  remove(id: string): void;
  copy(): History;
  /** Throws unless the text is what was written, in order and once, and nothing acknowledged is missing. */
  check(file: string, text: string, where: string): void;
}

/** Names a session's file. */
export function fileOf(id: string, name: string): string {
  return `${id}/${name}`;
}

export function createHistory(files: Map<string, Entry[]> = new Map()): History {
  const entriesOf = (file: string): Entry[] => {
    const entries = files.get(file) ?? [];
    files.set(file, entries);
    return entries;
  };
  const mark = (entries: Entry[], state: State, isMeant: (entry: Entry) => boolean): void => {
    for (const [i, entry] of entries.entries()) if (isMeant(entry)) entries[i] = { line: entry.line, state };
  };
  return {
    files,
    begin: (file, line) => void entriesOf(file).push({ line, state: "pending" }),
    answer(file, line, state) {
      mark(entriesOf(file), state, (entry) => entry.line === line && entry.state === "pending");
    },
    purge(id, archived, live) {
      for (const [file, entries] of files) {
        const isGone = ({ line, state }: Entry): boolean =>
          archived.includes(line) || (state !== "pending" && !live.includes(line));
        if (file.startsWith(`${id}/`)) mark(entries, "gone", isGone);
      }
    },
    remove(id) {
      for (const [file, entries] of files) if (file.startsWith(`${id}/`)) mark(entries, "unsure", () => true);
    },
    copy: () => createHistory(new Map([...files].map(([file, entries]) => [file, [...entries]]))),
    check(file, text, where) {
      let rest = text;
      for (const { line, state } of entriesOf(file)) {
        const isNext = rest.startsWith(line);
        if (isNext && state !== "gone") rest = rest.slice(line.length);
        else if (state === "sure") throw new Error(`${where} lacks ${line.trim()}: ${JSON.stringify(text)}`);
      }
      if (rest !== "") throw new Error(`${where} has bytes that are not its own: ${JSON.stringify(text)}`);
    },
  };
}
