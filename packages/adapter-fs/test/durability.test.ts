/** What is made durable, and in which order. A test can't crash the machine, but it can watch the calls. */
import { relative } from "node:path";
import { bytesOf } from "@session-archiver/core";
import { expect, test } from "vitest";
import { openFs } from "../src/index.js";
import { actual, actualPromises, replaceFs } from "./support/replace-fs.js";
import { temporary } from "./support/temporary.js";

const TEXT = new TextEncoder().encode("text\n");
const KEY = { id: "p/s", name: "output" };

/** The calls that matter, with paths below `root`. */
async function callsDuring(root: string, run: () => Promise<unknown>): Promise<string[]> {
  const calls: string[] = [];
  const short = (path: unknown): string => relative(root, String(path)).replace(/[^/]*\.tmp$/, "TEMP") || ".";
  const paths = new Map<number, string>();
  const noting =
    (name: "fsync" | "fdatasync", noted: string) =>
    (descriptor: number, done: (error: unknown) => void): void =>
      actual[name](descriptor, (error) => {
        calls.push(`${noted} ${paths.get(descriptor)}`);
        done(error);
      });
  const noted = (name: "link" | "rename" | "unlink") => ({
    async [name](...paths: [string, string]) {
      await actualPromises[name](...paths);
      calls.push([name, ...paths.map(short)].join(" "));
    },
  });
  const files = {
    openSync(...[path, ...rest]: Parameters<typeof actual.openSync>) {
      const descriptor = actual.openSync(path, ...rest);
      paths.set(descriptor, short(path));
      return descriptor;
    },
    writeSync(descriptor: number, ...rest: [Uint8Array, number, number, number]) {
      const written = actual.writeSync(descriptor, ...rest);
      calls.push(`write ${paths.get(descriptor)}`);
      return written;
    },
    fsync: noting("fsync", "sync"),
    fdatasync: noting("fdatasync", "datasync"),
    renameSync(from: string, to: string) {
      actual.renameSync(from, to);
      calls.push(`rename ${short(from)} ${short(to)}`);
    },
  };
  using _ = replaceFs(files, { ...noted("link"), ...noted("rename"), ...noted("unlink") });
  await run();
  return calls;
}

test("files are durable before they have their name, and their name before the call resolves", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const { objects, blobs, archives } = store;
  const during = (run: () => Promise<unknown>): Promise<string[]> => callsDuring(directory.path, run);
  await archives.put("first", bytesOf());
  const first = await objects.put("first", {}, null);
  const temp = "store/.staging/TEMP";
  const session = "store/p/s";

  expect(await during(() => archives.put("d/a.json", bytesOf(TEXT)))).toEqual([
    ...["write archives/.staging/TEMP", "sync archives/.staging/TEMP", "link archives/.staging/TEMP archives/d/a.json"],
    ...["sync archives/d", "sync archives"],
  ]);
  expect(await during(() => archives.delete("d/a.json"))).toEqual(["unlink archives/d/a.json", "sync archives/d"]);

  expect(await during(() => objects.put("p/s", {}, null))).toEqual([
    ...[`write ${temp}`, `sync ${temp}`, `rename ${temp} ${session}.session.json`],
    ...["sync store/p", "sync store"],
  ]);
  expect(await during(() => objects.put("first", {}, first))).toEqual([
    ...[`write ${temp}`, `sync ${temp}`, `rename ${temp} store/first.session.json`, "sync store"],
  ]);

  expect(await during(() => blobs.create(KEY, "1", bytesOf(TEXT)))).toEqual([
    ...[`write ${temp}`, `sync ${temp}`, `rename ${temp} ${session}/output@1.jsonl`],
    ...[`sync ${session}`, "sync store/p", "sync store"],
  ]);
  const appended = [
    ...[`write ${session}/output@1.jsonl`, `datasync ${session}/output@1.jsonl`],
    ...[`write ${session}/output@1.size`, `datasync ${session}/output@1.size`],
  ];
  const at = { key: KEY, generation: "1", size: TEXT.length };
  expect(await during(() => blobs.append(at, TEXT))).toEqual([
    ...[`write ${temp}`, `sync ${temp}`, `rename ${temp} ${session}/output@1.size`, `sync ${session}`],
    ...appended,
  ]);
  expect(await during(() => blobs.append({ ...at, size: 2 * TEXT.length }, TEXT))).toEqual(appended);
  expect(await during(() => blobs.delete({ ...at, size: 3 * TEXT.length }))).toEqual([
    ...[`unlink ${session}/output@1.jsonl`, `sync ${session}`, `unlink ${session}/output@1.size`],
  ]);

  const { version = "" } = (await objects.get("p/s")) ?? {};
  expect(await during(() => objects.delete("p/s", version))).toEqual([
    ...[`unlink ${session}.session.json`, "sync store/p"],
  ]);
});

test("a store's own directory is durable before it is used", async () => {
  await using directory = await temporary();
  await using store = openFs(`${directory.path}/new/store`);
  const calls = await callsDuring(directory.path, () => store.archives.put("a", bytesOf()));
  expect(calls.slice(0, 3)).toEqual(["sync new/store", "sync new", "sync ."]);
});

test("a long name is durable before any file gets its shortened name", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await store.archives.put("first", bytesOf());
  const calls = await callsDuring(directory.path, () => store.archives.put("x".repeat(500), bytesOf()));
  const named = calls.findIndex((call) => call.startsWith("rename archives/.staging/TEMP archives/.names/"));
  const synced = calls.indexOf("sync archives/.names");
  const linked = calls.findIndex((call) => call.startsWith("link"));
  expect(named).toBeGreaterThan(calls.indexOf("sync archives/.staging/TEMP"));
  expect(synced).toBeGreaterThan(named);
  expect(linked).toBeGreaterThan(synced);
});
