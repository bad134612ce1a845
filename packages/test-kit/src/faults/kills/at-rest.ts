/** What must hold when no process works any more: every session can go through all states, and nothing is left behind. */

import { createArchiver, hasCode, type Meta, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { archivedFiles, isRecordKey, manifestsApart, partsOfFile } from "@session-archiver/core/format";

/** `check` looks at the bytes of all sessions. Rejects if anything is wrong, and says what. */
export async function bringToRest(store: Ports, ids: readonly string[], check: () => Promise<unknown>): Promise<void> {
  const archiver = createArchiver(store);
  const each = async (work: (id: string) => Promise<unknown>): Promise<void> => {
    for (const id of ids) {
      await work(id).catch((error: unknown) => {
        if (!hasCode(error, "PRUNED", "NOT_FOUND")) throw error;
      });
    }
    await check();
  };
  await each((id) => archiver.settle(id));
  await each((id) => archiver.archive(id));
  const { bad } = await archiver.verifyAll();
  if (bad.length > 0) throw new Error(`verify: ${JSON.stringify(bad)}`);
  await archiver.gc({ graceDays: 0 });
  await checkNothingUnnamed(store, ids);
  await each(async (id) => {
    if (((await store.objects.get(id))?.meta[KEY.archivedAt] ?? 0) !== 0) await archiver.restore(id);
  });
  await archiver.gc({ graceDays: 0 });
  await checkNothingUnnamed(store, ids);
}

async function checkNothingUnnamed(store: Ports, ids: readonly string[]): Promise<void> {
  const named = new Set<string>();
  for (const id of ids) {
    const meta = (await store.objects.get(id))?.meta ?? {};
    for (const key of keysIn(id, meta)) named.add(key);
    for await (const { key } of store.blobs.list(id)) {
      if (meta[KEY.archivedAt] !== undefined)
        throw new Error(`Blob "${key.name}" of archived session "${id}" is left.`);
    }
    for (const mark of [KEY.settlingAt, KEY.resumedAt]) {
      if (meta[mark] !== undefined) throw new Error(`Session "${id}" still has ${mark}.`);
    }
  }
  for await (const { key } of store.archives.list()) {
    if (!isRecordKey(key) && !named.has(key))
      throw new Error(`Archive object "${key}" is left, and no session names it.`);
  }
  // An inline manifest has a key of its own in this view only.
  const sink = manifestsApart(store.archives);
  for (const key of named) if (!(await sink.stat(key))) throw new Error(`Named, but not there: ${key}`);
}

function keysIn(id: string, meta: Meta): readonly string[] {
  const kept = (meta[KEY.keptArchives] ?? []) as readonly string[];
  const manifest = meta[KEY.manifestKey];
  return [
    ...archivedFiles(id, meta).flatMap((file) => partsOfFile(file).map(({ key }) => key)),
    ...kept,
    ...(typeof manifest === "string" ? [manifest] : []),
  ];
}
