/** Words as people paste them into a shell. */
import { ANY_HIDDEN } from "./hidden.js";
import { printable } from "./text.js";

/**
 * As a POSIX shell reads it, without a character that a terminal would hide or obey; `undefined` for words that can't be
 * written so.
 */
export function shellWord(word: string): string | undefined {
  if (/^[\w@%+=:,./-]+$/.test(word)) return word;
  if (printable(word) === word) return `'${word.replaceAll("'", "'\\''")}'`;
  // No argument can hold these two, and the shell takes newlines off the end.
  if (!word.isWellFormed() || word.includes("\0") || word.endsWith("\n")) return undefined;
  const format = word.replaceAll(/['\\%]/g, octal).replaceAll(ANY_HIDDEN, octal);
  return `"$(printf '${format}')"`;
}

function octal(character: string): string {
  return Array.from(Buffer.from(character), (byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
}
