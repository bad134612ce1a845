/** The shells that the program can be completed in. */
import { packageFile } from "../package-files.js";

const SCRIPTS: Readonly<Record<string, string>> = {
  bash: "session-archiver.bash",
  zsh: "_session-archiver",
  fish: "session-archiver.fish",
};

export const SHELLS: readonly string[] = Object.keys(SCRIPTS);

export function scriptFor(shell: string): string {
  return packageFile(`completions/${SCRIPTS[shell]}`);
}

/**
 * The word as the shell means it. Bash passes words as they were typed, with their quotes; nothing is expanded. The last one may
 * lack its closing quote.
 */
export function meant(shell: string, word: string): string {
  if (shell !== "bash") return word;
  let text = "";
  for (const [, single, double, escaped, plain] of word.matchAll(PARTS)) {
    text += single ?? double?.replace(/\\(["\\$`])/g, "$1") ?? escaped ?? plain ?? "";
  }
  return text;
}

const PARTS = /'([^']*)'?|"((?:\\.|[^"\\])*)"?|\\(.?)|([^'"\\]+)/gs;
