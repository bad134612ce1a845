/** `salvage`: real sessions in real files that were damaged behind the program's back. */
import { copyFile, readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { bytesOf as byteStream, createArchiver, type SalvageResult, toBytes } from "@session-archiver/core";
import { expect, test } from "vitest";
import type { SessionDetails } from "../src/index.js";
import { type Cli, newCli } from "./support/cli.js";
import { flipByte } from "./support/flip-byte.js";
import { bytesOf, claudeLines, imported } from "./support/imports.js";
import { writeFiles } from "./support/sessions.js";

/** Lines of some 100 kB that hardly compress. */
function longLines(lines: number): string {
  const noise = (seed: number): string =>
    Array.from({ length: 9000 }, (_, i) => ((i * 7919 + seed * 104_729) ** 2 % 2 ** 40).toString(36)).join("");
  return Array.from({ length: lines }, (_, i) => {
    const message = { role: "user", content: noise(i) };
    return `${JSON.stringify({ type: "user", uuid: `u${i}`, sessionId: "s1", timestamp: "2026-01-15T10:00:00Z", message })}\n`;
  }).join("");
}

const ID = "claude-code:s1";
const TEXT = longLines(40);

async function withArchive(): Promise<{ readonly cli: Cli; readonly archive: string; readonly manifest: string }> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/s1.jsonl": TEXT });
  await imported(cli, "p");
  expect((await cli.run("archive", ID)).exitCode).toBe(0);
  const folder = join(cli.folder, "home/archives");
  const [archive = ""] = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".jsonl.gz"));
  return { cli, archive: join(folder, archive), manifest: join(folder, archive.replace(".jsonl.gz", ".json")) };
}

test("names the lost lines as people count them, keeps the damaged file, and info tells it", async () => {
  const { cli, archive } = await withArchive();
  await rm(join(cli.folder, "p"), { recursive: true });
  await flipByte(archive, 0.5);
  const damaged = await readFile(archive);
  expect((await cli.run("verify")).exitCode).toBe(1);
  const dry = await cli.run("salvage", ID, "--dry-run");
  expect(dry).toMatchObject({ exitCode: 1 });
  expect(dry.text).toMatch(/^would be salvaged: claude-code:s1\. Lost: lines (\d+) to (\d+) \([\d.]+ MB\)\. Archive /);
  expect(await readFile(archive)).toEqual(damaged);
  const run = await cli.run("salvage", ID);
  expect(run).toMatchObject({ exitCode: 1, stderr: "" });
  const [, from = "", to = ""] = /lines (\d+) to (\d+)/.exec(run.text) ?? [];
  const lines = TEXT.match(/.*\n/g) ?? [];
  const left = lines.filter((_, i) => i + 1 < Number(from) || i + 1 > Number(to)).join("");
  expect(Number(to)).toBeGreaterThan(Number(from));
  expect(left.length).toBeGreaterThan(TEXT.length * 0.6);
  expect(await bytesOf(cli, ID)).toBe(left);
  expect(run.text).toMatch(/\n {2}kept: quarantine\/\S+\.jsonl\.gz\.damaged\n/);
  const kept = async (): Promise<Buffer> => {
    const folder = join(cli.folder, "home/archives/quarantine");
    const files = await readdir(folder, { recursive: true });
    return readFile(join(folder, files.find((path) => path.endsWith(".jsonl.gz.damaged")) ?? ""));
  };
  expect(await kept()).toEqual(damaged);
  expect((await cli.run("verify")).exitCode).toBe(0);
  expect((await cli.run("info", ID)).text).toMatch(
    new RegExp(`\nSalvaged +\\d{4}-.*output: lost lines ${from} to ${to} `),
  );
  const [details] = (await cli.run("info", ID, "--json")).json<SessionDetails[]>();
  expect(details?.salvaged).toMatchObject([{ name: "output", lostLines: [[Number(from) - 1, Number(to)]] }]);
  expect(await cli.run("salvage", ID)).toMatchObject({ exitCode: 0, text: `whole: ${ID}\n` });
  await cli.run("gc", "--grace", "0", "--unknown", "--yes");
  expect(await kept()).toEqual(damaged);
});

test.each([
  ["flipped", (archive: string) => flipByte(archive, 0.5)],
  ["cut", (archive: string) => truncate(archive, 5000)],
  ["missing", (archive: string) => rm(archive)],
  ["replaced", (archive: string) => writeFile(archive, "x".repeat(9000))],
] as const)("mends from the file it was imported from: %s", async (_, damage) => {
  const { cli, archive } = await withArchive();
  await damage(archive);
  const dry = await cli.run("salvage", ID, "--dry-run", "--json");
  expect(dry.json()).toMatchObject([{ id: ID, outcome: "mended", files: [{ from: ["source"] }] }]);
  const run = await cli.run("salvage", ID);
  expect(run).toMatchObject({ exitCode: 0, stderr: "" });
  expect(run.text).toContain(`mended: ${ID}, from the file it was imported from. Archive `);
  expect(await bytesOf(cli, ID)).toBe(TEXT);
  expect((await cli.run("verify")).exitCode).toBe(0);
});

test("says when nothing can be brought back", async () => {
  const { cli, archive } = await withArchive();
  await rm(join(cli.folder, "p"), { recursive: true });
  await rm(archive);
  const run = await cli.run("salvage", ID);
  expect(run).toMatchObject({ exitCode: 1 });
  expect(run.text).toMatch(/^lost: claude-code:s1\. Nothing of it .* stays as it is\. Archive ".*" is missing\.\n$/);
  expect((await cli.run("cat", ID)).exitCode).toBe(1);
});

test("makes a new manifest for one that is damaged", async () => {
  const { cli, manifest } = await withArchive();
  await truncate(manifest, 100);
  const run = await cli.run("salvage", ID);
  expect(run).toMatchObject({ exitCode: 0 });
  expect(run.text).toMatch(/^given a new manifest: claude-code:s1\. Manifest /);
  expect((await cli.run("verify")).exitCode).toBe(0);
});

test("of a file with an inline manifest every byte is kept, whatever is damaged in it", async () => {
  for (const place of [0.001, 0.2, 0.9]) {
    const cli = await newCli();
    await writeFiles(cli.folder, { "p/s1.jsonl": claudeLines("s1", 20) });
    await imported(cli, "p");
    await cli.run("archive", ID);
    const folder = join(cli.folder, "home/archives");
    const [archive = ""] = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".jsonl.gz"));
    expect(archive).toContain(".manifest-");
    await flipByte(join(folder, archive), place);
    const damaged = await readFile(join(folder, archive));
    const run = await cli.run("salvage", ID);
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(await bytesOf(cli, ID)).toBe(claudeLines("s1", 20));
    expect((await cli.run("verify")).exitCode).toBe(0);
    const isManifest = place === 0.2;
    expect(run.text).toMatch(isManifest ? /^given a new manifest: / : /^mended: /);
    const kept = (await readdir(folder, { recursive: true })).find((path) => path.endsWith(".gz.damaged")) ?? archive;
    expect([run.text.includes("kept: "), kept === archive]).toEqual([!isManifest, isManifest]);
    await cli.run("gc", "--grace", "0", "--unknown", "--yes");
    expect(await readFile(join(folder, kept))).toEqual(damaged);
  }
});

test("swapped files are put right", async () => {
  const { cli, archive } = await withArchive();
  await writeFiles(cli.folder, { "q/s2.jsonl": claudeLines("s2", 50) });
  await imported(cli, "q");
  await cli.run("archive", "claude-code:s2");
  const folder = join(cli.folder, "home/archives");
  const all = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith(".jsonl.gz"));
  const second = all.map((path) => join(folder, path)).find((path) => path !== archive) ?? "";
  await rename(archive, `${archive}.tmp`);
  await copyFile(second, archive);
  await rm(second);
  await rename(`${archive}.tmp`, second);
  for (const path of ["p", "q"]) await rm(join(cli.folder, path), { recursive: true });
  const run = await cli.run("salvage", ID, "claude-code:s2", "--json");
  expect(run.json()).toMatchObject([{ outcome: "mended" }, { outcome: "mended" }]);
  expect(await bytesOf(cli, ID)).toBe(TEXT);
  expect(await bytesOf(cli, "claude-code:s2")).toBe(claudeLines("s2", 50));
  expect((await cli.run("verify")).exitCode).toBe(0);
});

test("salvages in a store that is one database", async () => {
  const cli = await newCli("--store", "sqlite:all.db", "--archives", "sqlite:all.db");
  await writeFiles(cli.folder, { "p/s1.jsonl": TEXT });
  await imported(cli, "p");
  await cli.run("archive", ID);
  await rm(join(cli.folder, "p"), { recursive: true });
  const store = await openSqlite(join(cli.folder, "all.db"));
  const { archiveKey } = await createArchiver(store).info(ID);
  const bytes = (await toBytes(store.archives.read(archiveKey ?? ""))).slice();
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await store.archives.delete(archiveKey ?? "");
  await store.archives.put(archiveKey ?? "", byteStream(bytes));
  await store.close();
  const [done] = (await cli.run("salvage", ID, "--json")).json<readonly SalvageResult[]>();
  expect(done).toMatchObject({ outcome: "salvaged", leftInPlace: [] });
  expect(done?.quarantined).toHaveLength(2);
  expect((await cli.run("verify")).exitCode).toBe(0);
  expect((await bytesOf(cli, ID)).length).toBe(TEXT.length - (done?.files[0]?.lostBytes ?? 0));
});

test("goes on after an unknown id", async () => {
  const { cli } = await withArchive();
  const run = await cli.run("salvage", "nope", ID);
  expect(run).toMatchObject({ exitCode: 1, text: `whole: ${ID}\n` });
});
