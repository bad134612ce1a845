/** `salvage` of real sessions whose archive files were damaged. */
import { readFileSync } from "node:fs";
import { readdir, rename, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { SalvageResult } from "@session-archiver/core";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { beforeAll, describe, expect, test } from "vitest";
import { newCli } from "./support/cli.js";
import { flipByte } from "./support/flip-byte.js";
import { bytesOf, imported } from "./support/imports.js";
import { listAll } from "./support/listed.js";
import { writeFiles } from "./support/sessions.js";

if (!hasCorpus) console.warn(NO_CORPUS);

describe.runIf(hasCorpus)("real sessions", () => {
  let largest: readonly string[] = [];
  beforeAll(async () => {
    const paths = (await corpusFiles("claude-code")).map((path) => join(CORPUS, "claude-code", path));
    const sizes = await Promise.all(paths.map(async (path) => ({ path, size: (await stat(path)).size })));
    largest = sizes
      .filter(({ size }) => size > 0)
      .sort((a, b) => b.size - a.size)
      .slice(0, 6)
      .map(({ path }) => path);
  });

  test("lose the lines that are named, and no other byte", { timeout: 120_000 }, async () => {
    const cli = await newCli();
    for (const [i, path] of largest.entries())
      await writeFiles(cli.folder, { [`p/${i}.jsonl`]: readFileSync(path, "utf8") });
    await imported(cli, "p");
    await rename(join(cli.folder, "p"), join(cli.folder, "gone"));
    const sessions = await listAll(cli);
    const before = new Map<string, string>();
    for (const { id } of sessions) before.set(id, await bytesOf(cli, id));
    await cli.run("archive", ...sessions.map(({ id }) => id));
    const folder = join(cli.folder, "home/archives");
    for (const [i, path] of (await readdir(folder, { recursive: true }))
      .filter((one) => one.endsWith(".gz"))
      .entries()) {
      const archive = join(folder, path);
      if (i % 3 === 0) await truncate(archive, Math.floor((await stat(archive)).size * 0.7));
      else await flipByte(archive, i % 3 === 1 ? 0.9 : 0.3);
    }
    const results = (await cli.run("salvage", "--json", ...sessions.map(({ id }) => id))).json<
      readonly SalvageResult[]
    >();
    expect(results.map(({ outcome }) => outcome).filter((one) => one !== "salvaged" && one !== "lost")).toEqual([]);
    expect(results.some(({ outcome }) => outcome === "salvaged")).toBe(true);
    for (const { id, outcome, files } of results) {
      const lines = before.get(id)?.match(/[^\n]*\n|[^\n]+$/g) ?? [];
      const lost = files[0]?.lostLines ?? [];
      const left = lines.filter((_, i) => !lost.some(([from, to]) => i >= from && (to === null || i < to))).join("");
      if (outcome === "lost") expect(left).toBe("");
      else expect((await bytesOf(cli, id)) === left).toBe(true);
    }
  });
});
