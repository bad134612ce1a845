/**
 * What people read in this repository can be read aloud once: comments, documents, help and messages without the habits of
 * `prose/habits.ts`, tables that fit a terminal, and no real person's folders. Prints each place and what to write instead, then
 * a count for each package; fails unless there is nothing to print. Arguments narrow it to paths that begin so.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { flawsIn, lineAt } from "./prose/flaws.ts";

/** These name the habits, to find them and to show that they are found. */
const ABOUT_HABITS = ["scripts/prose/habits.ts", "docs/test/prose.test.ts"];
const NOT_WRITTEN_HERE = /(?:^|\/)CHANGELOG[^/]*$|^benchmarks\/results\//;

const only = process.argv.slice(2);
const listed = execFileSync(
  "git",
  ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts", "*.tsx", "*.md"],
  {
    encoding: "utf8",
  },
);
const paths = listed
  .split("\n")
  .filter((path) => path !== "" && !ABOUT_HABITS.includes(path) && !NOT_WRITTEN_HERE.test(path))
  .filter((path) => only.length === 0 || only.some((start) => path.startsWith(start)));

const counts = new Map<string, number>();
for (const path of paths) {
  const text = readFileSync(path, "utf8");
  for (const { at, what, instead } of flawsIn(path, text)) {
    console.log(`${path}:${lineAt(text, at)}: ${what}. Instead: ${instead}.`);
    const part = /^(?:packages|apps|examples)\/[^/]+|^[^/]+/.exec(path)?.[0] ?? path;
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
}
for (const [part, count] of [...counts].sort(([, a], [, b]) => b - a))
  console.error(`${String(count).padStart(5)}  ${part}`);
if (counts.size > 0) process.exit(1);
