/** Damaged archives under the command line, with zlib: the output is right, or there is an error and no file. */
import { existsSync } from "node:fs";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { inlineManifest } from "@session-archiver/core/format";
import { expect, test } from "vitest";
import { type Cli, newCli } from "../support/cli.js";
import { transcript, writeFiles } from "../support/sessions.js";

const FUZZ = Math.max(1, Number(process.env["SESSION_ARCHIVER_FUZZ"] ?? 1) || 1);
/** What a session holds when it is archived first, and again. The longer one has its manifest beside the archive. */
const SHAPES = [
  ["with an inline manifest", 1, [transcript(6), transcript(6) + transcript(3, undefined, "more")]],
  ["with a manifest beside it", 2, [transcript(6), transcript(6) + transcript(750, undefined, "more")]],
] as const;

/** An archived session, and its files. */
async function withArchive(
  texts: readonly string[],
): Promise<{ readonly cli: Cli; readonly files: readonly string[] }> {
  const cli = await newCli();
  for (const text of texts) {
    await writeFiles(cli.folder, { "s.jsonl": text });
    for (const words of [
      ["import", "s.jsonl"],
      ["archive", "s"],
    ])
      expect((await cli.run(...words)).exitCode).toBe(0);
  }
  expect((await cli.run("gc", "--grace", "0")).exitCode).toBe(0);
  const folder = join(cli.folder, "home", "archives");
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => /\.(gz|json)$/.test(name) && !/^\.|\/runs\//.test(name),
  );
  return { cli, files: names.map((name) => join(folder, name)) };
}

type Way = (cli: Cli) => Promise<{ readonly gave: string | undefined; readonly wanted: string }>;

/** Each command that reads the archive: its output, or `undefined` if it failed. */
const waysFor = (text: string, lines = text.match(/[^\n]*\n/g) ?? []): Readonly<Record<string, Way>> => ({
  cat: (cli) => caught(cli, ["cat", "s"], text),
  "cat --tail": (cli) => caught(cli, ["cat", "s", "--tail", "2"], lines.slice(-2).join("")),
  "cat --lines": (cli) => caught(cli, ["cat", "s", "--lines", "3:5"], lines.slice(2, 5).join("")),
  "cat --json": async (cli) => {
    const run = await cli.run("cat", "s", "--json");
    const data = run.exitCode === 0 ? Buffer.from(run.json<{ data: string }>().data, "base64").toString() : undefined;
    return { gave: data, wanted: text };
  },
  export: (cli) => exported(cli, "out.jsonl", text),
  "export .gz": (cli) => exported(cli, "out.jsonl.gz", text),
});

async function caught(
  cli: Cli,
  words: readonly string[],
  wanted: string,
): Promise<{ gave: string | undefined; wanted: string }> {
  const { exitCode, text, stderr } = await cli.run(...words);
  if (exitCode === 0) return { gave: text, wanted };
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/^(warning: [^\n]*\n)?error: [^\n]*\[CORRUPT\]\n$/)]);
  expect(wanted.startsWith(text)).toBe(true);
  return { gave: undefined, wanted };
}

async function exported(cli: Cli, name: string, wanted: string): ReturnType<Way> {
  const path = join(cli.folder, name);
  const { exitCode } = await cli.run("export", "s", "-o", name);
  // Neither the file nor its temporary file.
  if (exitCode !== 0) expect((await readdir(cli.folder)).sort()).toEqual(["home", "s.jsonl"]);
  if (!existsSync(path)) return { gave: undefined, wanted };
  const bytes = await readFile(path);
  await rm(path);
  return { gave: (name.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString(), wanted };
}

test.each(SHAPES)(
  "a flipped bit, a cut and trailing bytes are detected, or make no difference: an archive %s",
  {
    timeout: 120_000 * FUZZ,
  },
  async (_, number, texts) => {
    const { cli, files } = await withArchive(texts);
    expect(files).toHaveLength(number);
    const counts: Record<string, number> = {};
    const ways = Object.entries(waysFor(texts[1]));
    let turn = 0;
    for (const file of files) {
      const bytes = await readFile(file);
      const isManifest = (at: number): boolean => file.endsWith(".json") || at < (inlineManifest(bytes)?.length ?? 0);
      const stride = Math.max(1, Math.floor(bytes.length / (40 * FUZZ)));
      for (let at = 0; at < bytes.length; at += stride) {
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        for (const changed of [
          flipped,
          bytes.subarray(0, at),
          ...(at === 0 ? [Buffer.concat([bytes, Buffer.alloc(9)])] : []),
        ]) {
          await writeFile(file, changed);
          const [way, run] = ways[turn++ % ways.length] ?? [];
          if (!run) throw new Error("no way");
          const { gave, wanted } = await run(cli);
          if (gave !== undefined) expect([way, gave]).toEqual([way, wanted]);
          const outcome = gave === undefined ? "refused" : "right";
          counts[outcome] = (counts[outcome] ?? 0) + 1;
          // `verify` also reports damage to the manifest, and damage that a read has refused.
          if (turn % 5 === 0 && (isManifest(at) || gave === undefined)) {
            expect((await cli.run("verify")).exitCode).toBe(1);
          }
        }
      }
      await writeFile(file, bytes);
    }
    console.info("[hostile] damaged archives under the command line:", JSON.stringify(counts));
    expect((await cli.run("verify")).exitCode).toBe(0);
    expect(counts["refused"]).toBeGreaterThan(10);
  },
);
