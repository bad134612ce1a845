/** Links within the repository lead somewhere: to a file that is there, and to a heading that is in it. */
import { globSync, statSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";
import { linksIn, slugsIn } from "../src/links.js";
import { ROOT, readDocument } from "./repository.js";

const PATTERNS = ["*.md", "docs/**/*.md", "findings/*.md", "benchmarks/*.md", "{packages,apps,examples}/**/*.md"];
const paths = globSync(PATTERNS, { cwd: ROOT, exclude: (name) => /(^|\/)(node_modules|dist|api)$/.test(String(name)) })
  .map((path) => path.replaceAll("\\", "/"))
  .sort();

const isThere = (path: string): boolean => statSync(join(ROOT, path), { throwIfNoEntry: false }) !== undefined;

test.each(paths)("of %s", (path) => {
  const broken = linksIn(readDocument(path)).filter((link) => {
    const [file = "", heading] = link.split("#");
    const target = file === "" ? path : normalize(join(dirname(path), file)).replaceAll("\\", "/");
    if (!isThere(target)) return true;
    return heading !== undefined && !slugsIn(readDocument(target)).has(heading);
  });
  expect(broken).toEqual([]);
});

test("links are found in text, tables, pictures and definitions, and not in code", () => {
  const markdown =
    "[a](b.md) ![c](d.png)\n| [e](f.md#g) |\n\n[h]: i.md\n`[j](k.md)`\n```\n[l](m.md)\n```\n[n](https://o.p)\n";
  expect(linksIn(markdown)).toEqual(["b.md", "d.png", "f.md#g", "i.md"]);
});

test("headings are named as GitHub names them", () => {
  const markdown = "# `a(b)` and C's\n\n## Twice\n\n## Twice\n\n```\n# no heading\n```\n";
  expect([...slugsIn(markdown)]).toEqual(["ab-and-cs", "twice", "twice-1"]);
});
