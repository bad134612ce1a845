/**
 * The states of a source, the lines that writers added, and what must therefore be readable. The session always holds a state
 * of the source that an import has seen, and perhaps lines that a writer has added since. All acknowledged bytes are the
 * beginning of its output, or of a version that it has kept.
 */
export interface Book {
  /** The source as it is now. */
  source(): string;
  /** Sets the source's present state. */
  author(text: string): void;
  /** A new, unique line: its text with its line end. */
  newLine(kind: "s" | "w"): string;
  /** Notes that an import of this state was acknowledged. */
  imported(text: string): void;
  /** Notes that the writer's line was acknowledged. */
  written(line: string): void;
  /** Throws unless the session may hold this text, and have kept these versions. */
  check(current: string, kept: readonly string[], where: string): void;
  /** Throws unless the session can have held this text. */
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
    if (!isPossible(text)) throw new Error(`${where} is no state that ever was: ${JSON.stringify(text)}`);
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
