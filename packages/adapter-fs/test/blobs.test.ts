/** How blobs lie in a directory. The conformance suite tests the contract itself. */
import * as fs from "node:fs";
import { appendFile, mkdir, readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { type BlobRef, type BlobStore, bytesOf, toBytes } from "@session-archiver/core";
import { afterEach, expect, test, vi } from "vitest";
import { type FsStore, openFs } from "../src/index.js";
import { temporary } from "./support/temporary.js";

vi.mock("node:fs", { spy: true });
afterEach(() => vi.resetAllMocks());

const KEY = { id: "s", name: "output" };

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function textAt(blobs: BlobStore, at: BlobRef): Promise<string> {
  return new TextDecoder().decode(await toBytes(blobs.read(at)));
}

interface Opened extends AsyncDisposable {
  readonly store: FsStore;
  readonly session: string;
  readonly data: string;
  readonly record: string;
}

async function opened(): Promise<Opened> {
  const directory = await temporary();
  const store = openFs(directory.path);
  const session = join(directory.path, "store", "s");
  return {
    store,
    session,
    data: join(session, "output@1.jsonl"),
    record: join(session, "output@1.size"),
    async [Symbol.asyncDispose]() {
      await store.close();
      await directory[Symbol.asyncDispose]();
    },
  };
}

test("a blob is one plain file; once appended to, a record of its size is beside it", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.create(KEY, "1", bytesOf(bytes("one\n")));
  expect(await readdir(dir.session)).toEqual(["output@1.jsonl"]);
  const longer = await blobs.append(at, bytes("two\n"));
  expect(await readFile(dir.data, "utf8")).toBe("one\ntwo\n");
  expect((await readdir(dir.session)).sort()).toEqual(["output@1.jsonl", "output@1.size"]);
  await blobs.delete(longer);
  expect(await readdir(join(dir.session, ".."))).not.toContain("s");
});

test("bytes of an append that was cut short don't count, and the next append cuts them off", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.append(await blobs.create(KEY, "1", bytesOf()), bytes("one\n"));
  await appendFile(dir.data, "two, of which the end is miss");
  expect(await blobs.stat(KEY)).toEqual(at);
  expect(await Array.fromAsync(blobs.list("s"))).toEqual([at]);
  await expect(toBytes(blobs.read({ ...at, size: 10 }))).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(blobs.append({ ...at, size: 10 }, bytes("x"))).rejects.toMatchObject({ code: "CONFLICT" });
  const longer = await blobs.append(at, bytes("2\n"));
  expect(await textAt(blobs, longer)).toBe("one\n2\n");
  expect(await readFile(dir.data, "utf8")).toBe("one\n2\n");
});

test("a size that was half written leaves the one before", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  let at = await blobs.create(KEY, "1", bytesOf());
  for (const text of ["one\n", "two\n", "three\n", "four\n"]) {
    const before = at;
    const old = await readFile(dir.record, "latin1").catch(() => "");
    at = await blobs.append(at, bytes(text));
    const now = await readFile(dir.record, "latin1");
    for (let length = 0; old !== "" && length < now.length; length++) {
      await writeFile(dir.record, now.slice(0, length) + old.slice(length), "latin1");
      expect([before, at]).toContainEqual(await blobs.stat(KEY));
    }
    await writeFile(dir.record, now, "latin1");
    expect(await blobs.stat(KEY)).toEqual(at);
  }
  await writeFile(dir.record, "no size at all");
  const corrupt = { code: "CORRUPT", ...KEY, name: undefined, message: expect.stringContaining(dir.record) };
  await expect(blobs.stat(KEY)).rejects.toMatchObject({
    code: "CORRUPT",
    id: "s",
    key: "output",
    message: corrupt.message,
  });
  await expect(blobs.append(at, bytes("x"))).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(blobs.delete(at)).rejects.toMatchObject({ code: "CORRUPT" });
});

test("a file that lost bytes is CORRUPT", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.append(await blobs.create(KEY, "1", bytesOf()), bytes("one\n"));
  await truncate(dir.data, 3);
  await expect(toBytes(blobs.read(at))).rejects.toMatchObject({
    code: "CORRUPT",
    message: expect.stringContaining(dir.data),
  });
  await expect(blobs.append(at, bytes("x"))).rejects.toMatchObject({ code: "CORRUPT" });
});

test("what a delete that was cut short left doesn't pass for its successor's", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.append(await blobs.create(KEY, "1", bytesOf()), bytes("one\n"));
  await rm(dir.data);
  expect(await blobs.stat(KEY)).toBeUndefined();
  await expect(blobs.append(at, bytes("x"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  const next = await blobs.create(KEY, "1", bytesOf(bytes("longer than the one before\n")));
  expect(await blobs.stat(KEY)).toEqual(next);
  expect(await readdir(dir.session)).toEqual(["output@1.jsonl"]);
});

test("a first append that was cut short after its record counts for nothing", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.create(KEY, "1", bytesOf(bytes("one\n")));
  const longer = await blobs.append(at, bytes("two\n"));
  // Both lines hold the size before, as the first append leaves them for its bytes to follow.
  const line = (await readFile(dir.record, "latin1")).split("\n").find((text) => Number(text.slice(0, 16)) === 4);
  await writeFile(dir.record, `${line}\n${line}\n`);
  expect(await blobs.stat(KEY)).toEqual(at);
  expect(await textAt(blobs, await blobs.append(at, bytes("two\n")))).toBe("one\ntwo\n");
  expect((await blobs.stat(KEY))?.size).toBe(longer.size);
});

test("readers see whole appends only while others append", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const size = 300_000;
  let at = await blobs.create(KEY, "1", bytesOf());
  let done = false;
  const writing = (async () => {
    for (let n = 0; n < 20; n++) at = await blobs.append(at, new Uint8Array(size).fill(n));
    done = true;
  })();
  const seen = new Set<number>();
  while (!done) {
    seen.add((await blobs.stat(KEY))?.size ?? -1);
    await setImmediate();
  }
  await writing;
  expect([...seen].filter((found) => found % size !== 0)).toEqual([]);
  expect(seen.size).toBeGreaterThan(2);
});

/** Lets another process do something when a size record has just been looked for, or is just about to be. */
async function atRecord(when: "before" | "after", meanwhile: () => void): Promise<void> {
  const original = await vi.importActual<typeof fs>("node:fs");
  const look = (path: fs.PathLike, options?: fs.StatSyncOptions): fs.Stats | undefined => {
    const isRecord = String(path).endsWith(".size");
    if (isRecord) vi.mocked(fs.lstatSync).mockReset();
    if (isRecord && when === "before") meanwhile();
    const found = original.lstatSync(path, options) as fs.Stats | undefined;
    if (isRecord && when === "after") meanwhile();
    return found;
  };
  vi.mocked(fs.lstatSync).mockImplementation(look as typeof fs.lstatSync);
}

test("a first append that begins while a reader looks doesn't show it half of its bytes", async () => {
  await using dir = await opened();
  await using other = await opened();
  await other.store.blobs.append(await other.store.blobs.create(KEY, "1", bytesOf(bytes("one\n"))), bytes("two\n"));
  const { blobs } = dir.store;
  await blobs.create(KEY, "1", bytesOf(bytes("one\n")));
  await atRecord("after", () => {
    fs.copyFileSync(other.record, dir.record);
    fs.appendFileSync(dir.data, "two\nhalf of thr");
  });
  expect((await blobs.stat(KEY))?.size).toBe(8);
});

test("a blob that is deleted while a reader looks is not mistaken for one that was never appended to", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  await blobs.append(await blobs.create(KEY, "1", bytesOf()), bytes("one\n"));
  await appendFile(dir.data, "half of tw");
  await atRecord("before", () => {
    fs.unlinkSync(dir.data);
    fs.unlinkSync(dir.record);
  });
  expect(await blobs.stat(KEY)).toBeUndefined();
});

test("a reader keeps its bytes although the blob is deleted and replaced", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.create(KEY, "1", bytesOf(new Uint8Array(1_000_000).fill(1)));
  const chunks = blobs.read(at)[Symbol.asyncIterator]();
  await chunks.next();
  await blobs.delete(at);
  await blobs.create(KEY, "2", bytesOf(new Uint8Array(1_000_000).fill(2)));
  const rest = await toBytes({ [Symbol.asyncIterator]: () => chunks });
  expect(new Set(rest)).toEqual(new Set([1]));
  await expect(toBytes(blobs.read(at))).rejects.toMatchObject({ code: "NOT_FOUND" });
});

test("symbolic links in place of a blob are CORRUPT and left alone", async () => {
  await using dir = await opened();
  await using outside = await temporary();
  const secret = join(outside.path, "secret");
  await writeFile(secret, "theirs");
  const { blobs } = dir.store;
  await mkdir(dirname(dir.data), { recursive: true });
  await symlink(secret, dir.data);
  const at = { key: KEY, generation: "1", size: 6 };
  await expect(blobs.stat(KEY)).rejects.toMatchObject({ code: "CORRUPT", id: "s", key: "output" });
  await expect(toBytes(blobs.read(at))).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(blobs.append(at, bytes("x"))).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(blobs.delete(at)).rejects.toMatchObject({ code: "CORRUPT" });
  await expect(blobs.create(KEY, "1", bytesOf())).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await readFile(secret, "utf8")).toBe("theirs");
});

test("files of others in a session's directory are neither listed nor touched", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.create(KEY, "1", bytesOf());
  const others = [
    "output.jsonl",
    "Output@1.jsonl",
    "output@1.txt",
    "output@1.2.jsonl",
    `output~${"0".repeat(64)}@1.blob`,
  ];
  for (const other of others) await writeFile(join(dir.session, other), "theirs");
  expect(await Array.fromAsync(blobs.list("s"))).toEqual([at]);
  await blobs.delete(at);
  await blobs.create(KEY, "2", bytesOf());
  for (const other of others) expect(await readFile(join(dir.session, other), "utf8")).toBe("theirs");
});

test("a chunk that holds no bytes is INVALID_ARGUMENT", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.create(KEY, "1", bytesOf());
  await expect(blobs.append(at, "text" as never)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  expect(await blobs.stat(KEY)).toEqual(at);
});

test("sizes beyond 4 GiB are exact", async () => {
  await using dir = await opened();
  const { blobs } = dir.store;
  const at = await blobs.create(KEY, "1", bytesOf());
  const large = 2 ** 32 + 5;
  await truncate(dir.data, large);
  const longer = await blobs.append({ ...at, size: large }, bytes("end"));
  expect(await blobs.stat(KEY)).toEqual({ ...at, size: large + 3 });
  const end = await toBytes(blobs.read(longer, { start: large - 1 }));
  expect(new TextDecoder().decode(end)).toBe("\0end");
});
