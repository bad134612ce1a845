/** What a session leaves in a store: a file once it is archived or pruned, also where an older build kept a directory for it. */
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, createArchiver, toBytes } from "@session-archiver/core";
import { expect, test } from "vitest";
import { type FsStore, openFs } from "../src/index.js";
import { asOlderBuild } from "./support/older-build.js";
import { actual, replaceFs } from "./support/replace-fs.js";
import { temporary } from "./support/temporary.js";

const LINE = '{"type":"user","text":"Hello"}\n';
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const SWEEPS = { archived: false, lastActiveBefore: 5 } as const;

/** All that is in the store, but for its own files. */
async function entries(home: string): Promise<string[]> {
  return (await readdir(join(home, "store"), { recursive: true })).filter((name) => !name.startsWith(".")).sort();
}

async function makeSession(store: FsStore, id: string): Promise<void> {
  const recorder = createArchiver(store).recorder(id, { create: { view: "agent" } });
  await recorder.append(LINE);
  await recorder.append(LINE);
  await recorder.close();
  await store.blobs.create({ id, name: "sub/agent.jsonl" }, "1", bytesOf(text(LINE)));
}

const idsIn = async ({ objects }: FsStore, query = {}): Promise<string[]> =>
  (await Array.fromAsync(objects.list(query))).map(({ id }) => id).sort();

const outputOf = async (store: FsStore, id: string): Promise<string> =>
  new TextDecoder().decode(await toBytes(createArchiver(store).read(id)));

test("a session has a directory only while it is live, and leaves one file once it is archived, pruned, purged or forgotten", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  const archiver = createArchiver(store);
  const ids = ["archived", "forgotten", "pruned", "purged"].map((id) => `p/${id}`);
  for (const id of ids) await makeSession(store, id);
  expect(await entries(directory.path)).toHaveLength(1 + ids.length * 5);
  for (const id of ids) await archiver.archive(id);
  const left = ["p", ...ids.map((id) => `${id}.session.json`), "store.json"];
  expect(await entries(directory.path)).toEqual(left);
  await archiver.pruneSession("p/purged");
  await archiver.prune({ graceDays: 0 });
  await archiver.pruneSession("p/pruned");
  await archiver.forget("p/forgotten");
  expect(await entries(directory.path)).toEqual(left);
  expect(await outputOf(store, "p/archived")).toBe(LINE + LINE);
  await archiver.restore("p/archived");
  expect(await outputOf(store, "p/archived")).toBe(LINE + LINE);
  await archiver.archive("p/archived");
  expect(await entries(directory.path)).toEqual(left);
});

test("a store of an older build is read as it is, and nothing changes by that", async () => {
  await using directory = await temporary();
  {
    await using store = openFs(directory.path);
    for (const id of ["a", "a/b", "p/c"]) await makeSession(store, id);
    await createArchiver(store).archive("a");
  }
  await asOlderBuild(directory.path);
  const before = await entries(directory.path);
  await using reading = openFs(directory.path, { readOnly: true });
  expect(await idsIn(reading)).toEqual(["a", "a/b", "p/c"]);
  expect(await idsIn(reading, SWEEPS)).toEqual([]);
  for (const id of ["a", "a/b", "p/c"]) expect(await outputOf(reading, id)).toBe(LINE + LINE);
  expect(await entries(directory.path)).toEqual(before);
});

test("each change moves the record that it changes, and a sweep all others and what crashes have left", async () => {
  await using directory = await temporary();
  const ids = ["a", "a/b", "p/c", "p/d", "p/e"];
  {
    await using store = openFs(directory.path);
    for (const id of ids) await makeSession(store, id);
    for (const id of ["a", "p/d"]) await createArchiver(store).archive(id);
  }
  await asOlderBuild(directory.path);
  await mkdir(join(directory.path, "store/p/empty"));
  await mkdir(join(directory.path, "store/p/gone"));
  await writeFile(join(directory.path, "store/p/gone/output@1.size"), "");
  await mkdir(join(directory.path, "store/p/theirs"));
  await writeFile(join(directory.path, "store/p/theirs/a file"), "");
  await using store = openFs(directory.path);
  const { version = "", meta = {} } = (await store.objects.get("a/b")) ?? {};
  await store.objects.put("a/b", meta, version);
  const { version: last = "" } = (await store.objects.get("p/e")) ?? {};
  await store.objects.delete("p/e", last);
  const some = await entries(directory.path);
  expect(some.filter((path) => path.endsWith("session.json"))).toEqual([
    ...["a/b.session.json", "a/session.json", "p/c/session.json", "p/d/session.json"],
  ]);
  expect(await idsIn(store)).toEqual(["a", "a/b", "p/c", "p/d"]);
  expect(await entries(directory.path)).toEqual(some); // only sweeps put things in order

  expect(await idsIn(store, SWEEPS)).toEqual([]);
  const all = await entries(directory.path);
  expect(all.filter((path) => !path.includes("@"))).toEqual([
    ...["a", "a.session.json", "a/b", "a/b.session.json"],
    ...["p", "p/c", "p/c.session.json", "p/d.session.json", "p/e", "p/theirs", "p/theirs/a file", "store.json"],
  ]);
  for (const id of ["a", "a/b", "p/c", "p/d"]) expect(await outputOf(store, id)).toBe(LINE + LINE);
});

test("an old record that moves while it is listed or read is found", async () => {
  await using directory = await temporary();
  const ids = Array.from({ length: 6 }, (_, n) => `p/${n}`);
  const root = join(directory.path, "store");
  await using mover = openFs(directory.path);
  for (const id of ids) await mover.objects.put(id, { n: 1 }, null);
  for (const id of ids) {
    for (let call = 1, moved = true; moved; call++) {
      await asOlderBuild(directory.path);
      await using store = openFs(directory.path);
      let calls = 0;
      moved = false;
      using _ = replaceFs({
        lstatSync(...args: Parameters<typeof actual.lstatSync>) {
          if (++calls === call) {
            moved = true;
            actual.renameSync(join(root, id, "session.json"), join(root, `${id}.session.json`));
            actual.rmdirSync(join(root, id));
          }
          return actual.lstatSync(...args);
        },
      });
      if (call % 2) expect(await store.objects.get(id)).toMatchObject({ meta: { n: 1 } });
      expect(await idsIn(store)).toEqual(ids);
    }
  }
});

test("two records of one session are CORRUPT until one of them is taken away", async () => {
  await using directory = await temporary();
  const skipped: Error[] = [];
  await using store = openFs(directory.path, { onSkipped: (error) => skipped.push(error) });
  const version = await store.objects.put("a", { by: "this build" }, null);
  await store.objects.put("b", {}, null);
  const mine = join(directory.path, "store/a.session.json");
  const old = join(directory.path, "store/a/session.json");
  await mkdir(join(directory.path, "store/a"));
  await writeFile(old, (await readFile(mine, "utf8")).replace("this", "another"));
  const corrupt = { code: "CORRUPT", message: expect.stringContaining(old) };
  await expect(store.objects.get("a")).rejects.toMatchObject(corrupt);
  await expect(store.objects.put("a", {}, version)).rejects.toMatchObject(corrupt);
  await expect(store.objects.put("a", {}, null)).rejects.toMatchObject(corrupt);
  await expect(store.objects.delete("a", version)).rejects.toMatchObject(corrupt);
  expect(await idsIn(store)).toEqual(["b"]);
  expect(skipped).toMatchObject([corrupt]);
  await idsIn(store, SWEEPS);
  expect(await readFile(old, "utf8")).toContain("another build");
  const kept: string[] = [];
  await store.objects.takeDamaged?.("a", async (stored) => void kept.push(new TextDecoder().decode(stored)));
  expect(kept).toEqual([expect.stringContaining("another build")]);
  expect(await store.objects.get("a")).toMatchObject({ meta: { by: "this build" } });
  expect(await entries(directory.path)).toEqual(["a.session.json", "b.session.json"]);
});
