/** What a model on loopback does, by the words that the user wrote last. */

export type Wish =
  | { readonly kind: "run"; readonly command: string }
  | { readonly kind: "subagent"; readonly prompt: string }
  | { readonly kind: "text"; readonly text: string };

/** `RUN echo hi`, `SUBAGENT count the files`, `LONG 64` for an answer of 64 kB; all else is answered with `ok`. */
export function wishOf(text: string): Wish {
  const [, word, rest = ""] = /\b(RUN|SUBAGENT|LONG) ([^\n]+)/.exec(text) ?? [];
  if (word === "RUN") return { kind: "run", command: rest.trim() };
  if (word === "SUBAGENT") return { kind: "subagent", prompt: rest.trim() };
  return { kind: "text", text: word === "LONG" ? longText(Number.parseInt(rest, 10)) : "ok" };
}

/** Lines of 64 bytes, each different, so that it is not compressed to nothing. */
function longText(kilobytes: number): string {
  const line = (index: number): string => `line ${index}, and ${(index * 2_654_435_761) % 4_294_967_296}`.padEnd(63);
  return Array.from({ length: kilobytes * 16 }, (_, index) => `${line(index)}\n`).join("");
}
