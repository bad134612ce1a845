/** What is wrong with a file beside its words: too wide for a terminal, or named after real people. */

export interface Flaw {
  readonly at: number;
  readonly what: string;
  readonly instead: string;
}

const MOST_COLUMNS = 100;
/** Made by a test out of what it found. */
const GENERATED = /\/(?:MUTANTS|SIMULATION[A-Z-]*)\.md$/;
/** Fences that show what a terminal shows; code is formatted by its own rules. */
const TERMINAL = /^\s*`{3,}(?:sh|console|text)?\s*$/;
const TABLE_ROW = /^\s*\|.*\|\s*$/;

/** Rows of tables and lines of sample output in Markdown that are wider than {@link MOST_COLUMNS}. */
export function wideLines(path: string, text: string): readonly Flaw[] {
  if (!path.endsWith(".md") || GENERATED.test(path)) return [];
  const flaws: Flaw[] = [];
  let at = 0;
  let fence: "terminal" | "code" | undefined;
  for (const line of text.split("\n")) {
    const isFence = /^\s*`{3,}/.test(line);
    const isShown = fence === undefined ? TABLE_ROW.test(line) : fence === "terminal" && !isFence;
    const columns = [...line].length;
    if (isShown && columns > MOST_COLUMNS) {
      flaws.push({
        at,
        what: `${columns} columns`,
        instead: `at most ${MOST_COLUMNS}; a table with long cells is a list`,
      });
    }
    if (isFence) {
      if (fence !== undefined) fence = undefined;
      else fence = TERMINAL.test(line) ? "terminal" : "code";
    }
    at += line.length + 1;
  }
  return flaws;
}

/** Home folders as paths, and as agents write them in the names of folders. */
const HOMES = /(?<![\w}])(?:\/home\/|\/Users\/|[A-Z]:[\\/]+Users[\\/]+|-Users-|-home-)([A-Za-z][\w.]*)/g;
/** The people of this repository's examples. */
const INVENTED: ReadonlySet<string> = new Set(["a", "ada", "dev", "me", "someone", "you"]);

/** Home folders of people who are not among the invented ones. */
export function realHomes(text: string): readonly Flaw[] {
  return [...text.matchAll(HOMES)]
    .filter(([, name = ""]) => !INVENTED.has(name))
    .map(({ index, 0: home }) => ({
      at: index,
      what: `"${home}" may be a real person's`,
      instead: `an invented one: ${[...INVENTED].join(", ")}`,
    }));
}
