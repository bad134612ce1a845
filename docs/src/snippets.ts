/** Takes the code out of Markdown, so that it can be checked: what a reader copies must work. */

/**
 * What is done with a snippet. Said by words after the language: none (it is run in Node), or `browser` (it is run in a
 * page), `no-run`, `ignore`; `continued` adds the fence to the snippet before it.
 */
export type Check = "run" | "browser" | "compile" | "none";

export interface Snippet {
  readonly code: string;
  readonly check: Check;
  /** Line of its first fence in the document, from 1. */
  readonly line: number;
  /** The name that other snippets of the document import it by: from a first line `// file: <name>` (or `# file: <name>`). */
  readonly file: string | undefined;
}

const FENCE = /^(?<indent> *)(?<ticks>`{3,})(?<info>[^`\n]*)\n(?<code>(?:.*\n)*?)\k<indent>\k<ticks>`* *$/gm;
const CHECKS: Readonly<Record<string, Check>> = { browser: "browser", "no-run": "compile", ignore: "none" };

/** The fences of one language, in the order of the document. Throws for words after the language that mean nothing. */
export function extractSnippets(markdown: string, language = "ts"): readonly Snippet[] {
  const snippets: Snippet[] = [];
  const text = markdown.replaceAll("\r\n", "\n");
  for (const match of text.matchAll(FENCE)) {
    const { indent = "", info = "", code: fenced = "" } = match.groups ?? {};
    const [fenceLanguage, ...words] = info.trim().split(/\s+/);
    if (fenceLanguage !== language) continue;
    const line = text.slice(0, match.index).split("\n").length;
    const code = fenced.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    const before = snippets.at(-1);
    const unknown = words.filter((word) => word !== "continued" && CHECKS[word] === undefined);
    if (unknown.length > 0)
      throw new Error(`Line ${line}: "${info}" has words that mean nothing: ${unknown.join(" ")}`);
    if (words.includes("continued")) {
      if (!before) throw new Error(`Line ${line}: there is no snippet before this one to continue.`);
      snippets[snippets.length - 1] = { ...before, code: `${before.code}\n${code}` };
      continue;
    }
    const check = words.map((word) => CHECKS[word]).find((found) => found !== undefined) ?? "run";
    snippets.push({ code, check, line, file: /^(?:\/\/|#) file: (\S+)\n/.exec(code)?.[1] });
  }
  return snippets;
}
