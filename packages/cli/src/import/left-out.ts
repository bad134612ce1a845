/** Describes what an import has left out, in one line for people. */
import { extname } from "node:path";
import { count } from "../output/text.js";
import type { LeftOut } from "./find.js";

const MOST_KINDS = 6;

const WORDS: Readonly<Record<Exclude<LeftOut["reason"], "not a transcript">, string>> = {
  link: "as links",
  empty: "empty",
  "not a file": "of other kinds",
  store: "of the stores",
  "sidecar of an archive": "as sidecars of archives",
  "part of an archive": "as parts of archives whose beginning is not there",
};

/** `left out 5 files: 2 .json, 1 .md, 2 links; --json names them`; `undefined` if nothing was left out. */
export function leftOutText(leftOut: readonly LeftOut[]): string | undefined {
  if (leftOut.length === 0) return undefined;
  const kinds = new Map<string, number>();
  for (const one of leftOut) kinds.set(kindOf(one), (kinds.get(kindOf(one)) ?? 0) + 1);
  const sorted = [...kinds].sort(([, a], [, b]) => b - a);
  const told = sorted.slice(0, MOST_KINDS).map(([kind, number]) => `${number} ${kind}`);
  const others = sorted.slice(MOST_KINDS).reduce((sum, [, number]) => sum + number, 0);
  const list = [...told, ...(others > 0 ? [`${others} others`] : [])].join(", ");
  return `left out ${count(leftOut.length, "file")}: ${list}; --json names them`;
}

function kindOf({ path, reason }: LeftOut): string {
  if (reason === "not a transcript") return extname(path).toLowerCase() || "without an ending";
  return WORDS[reason];
}
