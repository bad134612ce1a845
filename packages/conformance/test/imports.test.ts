/** The suite runs in browsers and workers too: only the command may use Node. */
import { glob, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const SOURCES = fileURLToPath(new URL("../src/", import.meta.url));
const COMMAND = ["adapter-module.ts", "cli.ts", "command.ts"];

test("the suite's modules import core and each other, nothing else", async () => {
  const foreign: string[] = [];
  let seen = 0;
  for await (const name of glob("**/*.ts", { cwd: SOURCES })) {
    if (COMMAND.includes(name)) continue;
    seen++;
    const source = await readFile(SOURCES + name, "utf8");
    for (const [, specifier = ""] of source.matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"/g)) {
      const command = COMMAND.some((file) => specifier.endsWith(file.replace(".ts", ".js")));
      if (command || !/^(\.\.?\/|@session-archiver\/core(\/(adapter|format))?$)/.test(specifier))
        foreign.push(`${name}: ${specifier}`);
    }
  }
  expect(foreign).toEqual([]);
  expect(seen).toBeGreaterThan(20);
});
