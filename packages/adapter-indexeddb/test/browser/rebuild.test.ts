/** A catalogue that is lost comes back from the archives in the same database. */
import { createArchiver, type SessionInfo } from "@session-archiver/core";
import { expect, test } from "vitest";
import type { IndexedDbStore } from "../../src/index.js";
import { newStore, open, raw } from "./support/stores.js";

const LINE = '{"type":"user","text":"hello"}\n';

async function append({ objects, blobs, archives }: IndexedDbStore, id: string, lines: number): Promise<void> {
  const archiver = createArchiver({ objects, blobs, archives });
  await archiver.create(id, { title: id }).catch(() => {});
  const recorder = archiver.recorder(id);
  await recorder.append(LINE.repeat(lines));
  await recorder.close();
}

/** Sessions of every kind. */
async function filled(): Promise<{ store: IndexedDbStore; name: string }> {
  const { store, name } = await newStore();
  const archiver = createArchiver(store);
  for (const id of ["archived", "merged", "pruned", "purged", "pinned", "resumed"]) {
    await append(store, id, 3);
    await archiver.archive(id);
  }
  await archiver.pruneSession("purged");
  await archiver.prune({ graceDays: 0 });
  await archiver.pruneSession("pruned");
  await archiver.pin("pinned", true);
  await append(store, "merged", 2);
  await archiver.archive("merged");
  await append(store, "resumed", 2);
  return { store, name };
}

async function infosOf(ports: IndexedDbStore): Promise<readonly SessionInfo[]> {
  const infos = await Array.fromAsync(createArchiver(ports).list());
  const plain = ({ meta: { "session:given_up": _, ...meta }, ...info }: SessionInfo) => ({ ...info, meta });
  return infos.map(plain).sort((a, b) => (a.id < b.id ? -1 : 1));
}

test("with its objects and its own metadata deleted, and the blobs still there, it reads as before", async () => {
  const { store, name } = await filled();
  const before = await infosOf(store);
  await store.close();
  const cleared = await raw(name, async (db) => {
    const names = [...db.objectStoreNames].filter((one) => /object|own/i.test(one));
    for (const one of names) await db.clear(one);
    return names;
  });
  expect(cleared.length).toBeGreaterThan(0);
  const again = await open(name);
  const archiver = createArchiver(again);
  expect(await infosOf(again)).toEqual([]);
  const report = await archiver.rebuild();
  expect(report).toMatchObject({ prunedCount: 2, liveLost: [], failures: [] });
  expect(report.made.toSorted()).toEqual(before.map(({ id }) => id));
  const at = (infos: readonly SessionInfo[]) => infos.filter(({ id }) => id !== "resumed");
  expect(at(await infosOf(again))).toEqual(at(before));
  expect(await archiver.read("resumed").text()).toBe(LINE.repeat(5));
  expect(await archiver.read("merged").text()).toBe(LINE.repeat(5));
  expect(await archiver.rebuild()).toMatchObject({ made: [], merged: [], failures: [] });
});

test("with another database for objects and blobs, it names what was live", async () => {
  const { store } = await filled();
  const { store: other } = await newStore();
  const archiver = createArchiver({ objects: other.objects, blobs: other.blobs, archives: store.archives });
  const report = await archiver.rebuild();
  expect(report).toMatchObject({ liveLost: ["resumed"], failures: [] });
  expect(await archiver.read("resumed").text()).toBe(LINE.repeat(3));
  expect((await archiver.verifyAll()).bad).toEqual([]);
});
