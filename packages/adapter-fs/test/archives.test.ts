/** How archives lie in a directory. The conformance suite tests the contract itself. */
import { execFile } from "node:child_process";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { type ArchiveSink, bytesOf, hasCode, toBytes } from "@session-archiver/core";
import { afterEach, expect, test, vi } from "vitest";
import { openFs, openFsArchives } from "../src/index.js";
import { actual, replaceFs } from "./support/replace-fs.js";
import { temporary } from "./support/temporary.js";

vi.mock("node:fs/promises", { spy: true });
afterEach(() => vi.resetAllMocks());

const TEXT = new TextEncoder().encode("text");

async function keys(sink: ArchiveSink): Promise<string[]> {
  return (await Array.fromAsync(sink.list())).map(({ key }) => key).sort();
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made up`), { code });
}

test("every tool reads the archives where they lie", async () => {
  await using directory = await temporary();
  await using sink = openFsArchives(directory.path);
  const stored = ["claude-code/a b/1.jsonl.gz", "X.jsonl.gz", `${"é".repeat(300)}.jsonl.gz`];
  for (const key of stored) await sink.put(key, bytesOf(gzipSync("{}\n")));
  const found = `find ${directory.path} -name '*.jsonl.gz'`;
  const command = `${found} | xargs gzip -t && ${found} | xargs zcat && ${found} | wc -l`;
  const { stdout } = await promisify(execFile)("bash", ["-o", "pipefail", "-c", command]);
  expect(stdout.replaceAll(/\s+/g, " ")).toBe("{} {} {} 3 ");
});

test("an archive takes no directory but the two that its key begins with, and is found where an older build put it", async () => {
  await using directory = await temporary();
  await using sink = openFsArchives(directory.path);
  const key = "0123456789ab/3f/claude-code/my project/1.jsonl.gz";
  const file = join(directory.path, "0123456789ab/3f/claude-code%2fmy%20project%2f1.jsonl.gz");
  const old = join(directory.path, "0123456789ab/3f/claude-code/my%20project/1.jsonl.gz");
  await sink.put(key, bytesOf(TEXT));
  await fs.mkdir(join(old, ".."), { recursive: true });
  await fs.rename(file, old);
  const taken = { code: "CONFLICT", key };
  for (const place of [old, file]) {
    if (place === file) await fs.copyFile(old, file); // in both: such a copy may come from a backup
    expect(await keys(sink)).toEqual([key]);
    expect(await keys({ ...sink, list: () => sink.list("0123456789ab/3f/claude-code/my") })).toEqual([key]);
    expect(await sink.stat(key)).toMatchObject({ size: 4 });
    expect(await toBytes(sink.read(key))).toEqual(TEXT);
    await expect(sink.put(key, bytesOf(TEXT))).rejects.toMatchObject(taken);
  }
  await sink.delete(key);
  expect(await sink.stat(key)).toBeUndefined();
  expect(await keys(sink)).toEqual([]);
  expect(await fs.readdir(directory.path)).toEqual([".staging"]);
  const long = `0123456789ab/3f/${"b/".repeat(70)}1.jsonl.gz`; // too long for a name, not for a path
  await sink.put(long, bytesOf(TEXT));
  expect(await keys(sink)).toEqual([long]);
  expect(await fs.readdir(join(directory.path, "0123456789ab/3f"))).toEqual(["b"]);
});

test("files of others are neither listed nor touched", async () => {
  await using directory = await temporary();
  await using sink = openFsArchives(directory.path);
  const others = ["README.txt", "Upper.jsonl.gz", "a b.jsonl.gz", ".hidden.jsonl.gz", `x~${"0".repeat(64)}.jsonl.gz`];
  for (const other of others) await fs.writeFile(join(directory.path, other), "theirs");
  await sink.put("mine.jsonl.gz", bytesOf(TEXT));
  expect(await keys(sink)).toEqual(["mine.jsonl.gz"]);
  await sink.delete("mine.jsonl.gz");
  for (const other of others) expect(await fs.readFile(join(directory.path, other), "utf8")).toBe("theirs");
});

test("a whole store below the sink is not listed: its archives are not this sink's to collect", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await store.objects.put("a", {}, null);
  await store.archives.put("p/a.jsonl.gz", bytesOf(TEXT));
  await using sink = openFsArchives(directory.path);
  await sink.put("mine", bytesOf(TEXT));
  expect(await keys(sink)).toEqual(["mine"]);
});

test("a directory that isn't there is an empty sink, and is made by the first put only", async () => {
  await using directory = await temporary();
  const path = join(directory.path, "not", "yet");
  await using sink = openFsArchives(path);
  expect(await keys(sink)).toEqual([]);
  expect(await sink.stat("a")).toBeUndefined();
  await sink.delete("a");
  await expect(toBytes(sink.read("a"))).rejects.toSatisfy((error) => hasCode(error, "NOT_FOUND"));
  expect(await fs.readdir(directory.path)).toEqual([]);
  await sink.put("a", bytesOf(TEXT));
  expect(await keys(sink)).toEqual(["a"]);
});

test("files are the owner's alone, and dated by their put", async () => {
  await using directory = await temporary();
  await using sink = openFsArchives(directory.path);
  const before = Date.now();
  const { createdAt } = await sink.put("d/a.json", bytesOf(TEXT));
  const file = await fs.stat(join(directory.path, "d", "a.json"));
  expect(file.mode & 0o777).toBe(0o600);
  expect((await fs.stat(join(directory.path, "d"))).mode & 0o777).toBe(0o700);
  expect(Math.round(file.mtimeMs)).toBe(createdAt);
  expect(createdAt).toBeGreaterThanOrEqual(before);
});

test("deleting the last archive of a directory removes the directory", async () => {
  await using directory = await temporary();
  await using sink = openFsArchives(directory.path);
  for (const key of ["a/b/1", "a/b/2", "a/3"]) await sink.put(key, bytesOf(TEXT));
  for (const key of ["a/b/1", "a/b/2"]) await sink.delete(key);
  expect(await fs.readdir(join(directory.path, "a"))).toEqual(["3.raw"]);
  await sink.delete("a/3");
  expect(await fs.readdir(directory.path)).toEqual([".staging"]);
});

test("symbolic links in the sink are not followed", async () => {
  await using directory = await temporary();
  await using outside = await temporary();
  await fs.writeFile(join(outside.path, "secret.json"), "theirs");
  await using sink = openFsArchives(directory.path);
  await sink.put("mine.json", bytesOf(TEXT));
  await fs.symlink(join(outside.path, "secret.json"), join(directory.path, "link.json"));
  await fs.symlink(outside.path, join(directory.path, "dir"));
  await fs.symlink(join(outside.path, "nowhere"), join(directory.path, "dangling"));

  expect(await keys(sink)).toEqual(["mine.json"]);
  const refused = ["link.json", "dir/secret.json"].flatMap((key) => [
    () => sink.stat(key),
    () => toBytes(sink.read(key)),
    () => sink.put(key, bytesOf(TEXT)),
  ]);
  for (const call of refused) await expect(call()).rejects.toSatisfy((e) => hasCode(e, "CORRUPT", "CONFLICT"));
  for (const key of ["dir/new.json", "dangling/new.json"]) {
    await expect(sink.put(key, bytesOf(TEXT))).rejects.toSatisfy((error) => hasCode(error, "CORRUPT"));
  }
  await expect(sink.delete("dir/secret.json")).rejects.toSatisfy((error) => hasCode(error, "CORRUPT"));
  await sink.delete("link.json");
  expect(await fs.readdir(outside.path)).toEqual(["secret.json"]);
  expect(await fs.readFile(join(outside.path, "secret.json"), "utf8")).toBe("theirs");
});

test("the sink's own directory may be a link", async () => {
  await using directory = await temporary();
  await fs.mkdir(join(directory.path, "real"));
  await fs.symlink("real", join(directory.path, "link"));
  await using sink = openFsArchives(join(directory.path, "link"));
  await sink.put("a/b.json", bytesOf(TEXT));
  expect(await fs.readdir(join(directory.path, "real", "a"))).toEqual(["b.json"]);
});

test("without hard links puts are still create-only and whole", async () => {
  await using directory = await temporary();
  await using one = openFsArchives(directory.path);
  await using other = openFsArchives(directory.path);
  vi.mocked(fs.link).mockRejectedValue(systemError("EPERM"));
  const puts = [one, other, one, other].map((sink, n) => sink.put("d/a.json", bytesOf(new Uint8Array(n + 1))));
  const results = await Promise.allSettled(puts);
  const winners = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  expect(winners).toHaveLength(1);
  for (const result of results) {
    if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "CONFLICT" });
  }
  expect(await one.stat("d/a.json")).toEqual(winners[0]);
  expect(await fs.readdir(join(directory.path, ".staging"))).toEqual([]);
});

test("a directory that others remove just before the link is made again", async () => {
  await using directory = await temporary();
  await using sink = openFsArchives(directory.path);
  const { link } = await vi.importActual<typeof fs>("node:fs/promises");
  let removed = 0;
  vi.mocked(fs.link).mockImplementation(async (from, to) => {
    if (removed < 3) {
      await fs.rmdir(join(directory.path, "d"));
      removed++;
    }
    await link(from, to);
  });
  await sink.put("d/a.json", bytesOf(TEXT));
  expect(removed).toBe(3);
  expect(await keys(sink)).toEqual(["d/a.json"]);
});

test("a failure after the archive became visible is UNAVAILABLE, before it QUOTA; both leave no temporary file", async () => {
  await using directory = await temporary();
  await using sink = openFsArchives(directory.path);
  await sink.put("first", bytesOf(TEXT));
  vi.mocked(fs.link).mockRejectedValueOnce(systemError("ENOSPC"));
  await expect(sink.put("a", bytesOf(TEXT))).rejects.toMatchObject({ code: "QUOTA", key: "a" });
  expect(await sink.stat("a")).toBeUndefined();
  using _ = replaceFs({
    openSync(...[path, ...rest]: Parameters<typeof actual.openSync>) {
      if (path === directory.path) throw systemError("ENOSPC");
      return actual.openSync(path, ...rest);
    },
  });
  await expect(sink.put("b", bytesOf(TEXT))).rejects.toMatchObject({ code: "UNAVAILABLE", key: "b" });
  expect(await fs.readdir(join(directory.path, ".staging"))).toEqual([]);
});

test("a path through a file is UNAVAILABLE, and says what was tried", async () => {
  await using directory = await temporary();
  await fs.writeFile(join(directory.path, "file"), "");
  await using sink = openFsArchives(join(directory.path, "file", "sink"));
  const put = sink.put("a", bytesOf(TEXT));
  await expect(put).rejects.toMatchObject({ code: "UNAVAILABLE", key: "a", message: /write archive "a"/ });
});

test("a file that loses its end while it is read gives what it has, then CORRUPT, also if it was read ahead", async () => {
  await using directory = await temporary();
  await using sink = openFsArchives(directory.path);
  const key = "0123456789ab/3f/s.jsonl.gz";
  await sink.put(key, bytesOf(new Uint8Array(700_000)));
  const reading = sink.read(key)[Symbol.asyncIterator]();
  const first = await reading.next();
  await fs.truncate(join(directory.path, key), 600_000);
  const second = await reading.next();
  // Later reads of the pool: by then the one ahead has failed, and nobody has asked for it.
  for (let i = 0; i < 8; i++) await fs.readFile(join(directory.path, key));
  await setImmediate();
  expect([first, second].map(({ value }) => value.length)).toEqual([262_144, 262_144]);
  await expect(reading.next()).rejects.toMatchObject({ code: "CORRUPT", key });
  expect(await reading.next()).toEqual({ done: true, value: undefined });
});
