/**
 * What a source was, what was written beside it, and what must be readable by that: what the session holds is always some state
 * of the source that an import has seen, and perhaps lines that a writer has added since; whatever was acknowledged is the
 * beginning of what it holds, or of what it has kept.
 */
export interface Book {
  /** The source as it is now. */
  source(): string;
  /** The source is this now. */
  author(text: string): void;
  /** A new line that nobody else has written: its text, with its end. */
  newLine(kind: "s" | "w"): string;
  /** An import of this state was answered: its bytes are the session's. */
  imported(text: string): void;
  /** The writer's line is there. */
  written(line: string): void;
  /** Throws unless these are what the session may hold, and have kept. */
  check(current: string, kept: readonly string[], where: string): void;
  /** Throws unless this can have been what the session held. */
  checkRead(text: string, where: string): void;
}

export function createBook(): Book {
  const states = new Set<string>([""]);
  const imported = new Set<string>();
  const written = new Set<string>();
  let source = "";
  let lines = 0;

  /** A state of the source, then whole lines of writers. */
  const isPossible = (text: string): boolean => {
    const from = text.search(/w\d+\n/);
    const rest = from === -1 ? "" : text.slice(from);
    return states.has(from === -1 ? text : text.slice(0, from)) && /^(?:w\d+\n)*$/.test(rest);
  };
  const checkOne = (text: string, where: string): void => {
    if (!isPossible(text)) throw new Error(`${where} is what never was: ${JSON.stringify(text)}`);
    const found = text.match(/w\d+\n/g) ?? [];
    if (new Set(found).size < found.length) throw new Error(`${where} holds a line twice: ${JSON.stringify(text)}`);
  };
  return {
    source: () => source,
    author(text) {
      source = text;
      states.add(text);
    },
    newLine: (kind) => `${kind}${lines++}\n`,
    imported: (text) => void imported.add(text),
    written: (line) => void written.add(line),
    check(current, kept, where) {
      checkOne(current, `${where}, the output`);
      for (const [i, text] of kept.entries()) checkOne(text, `${where}, version ${i + 1}`);
      const all = [current, ...kept];
      const lost = (what: string): never => {
        throw new Error(`${where}, ${JSON.stringify(what)} is nowhere in ${JSON.stringify(all)}`);
      };
      for (const text of imported) if (!all.some((held) => held.startsWith(text))) lost(text);
      for (const line of written) if (!all.some((held) => held.includes(line))) lost(line);
    },
    checkRead: checkOne,
  };
}
