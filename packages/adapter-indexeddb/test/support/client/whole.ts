/** A session after whatever happened: read, verified, then taken through its whole life. */

import type { IndexedDbStore } from "@session-archiver/adapter-indexeddb";
import { type Archiver, createArchiver, hasCode, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { isRecordKey, sessionIdOf } from "@session-archiver/core/format";
import { SIDECAR } from "./scenarios.js";
import { plus, type Sum, sumOf } from "./sessions.js";

/** `id` has one of these outputs, and the small sidecar. It ends up live, and the sink empty of it. */
export async function checkWhole(store: IndexedDbStore, id: string, allowed: readonly Sum[]): Promise<void> {
  const archiver = createArchiver(store);
  const state = async (): Promise<string> => (await archiver.info(id)).state;
  if ((await state()) === "pruned") await archiver.undoPrune(id);
  const found = await sumOf(archiver.read(id));
  if (!allowed.some((sum) => equal(sum, found))) {
    throw new Error(`It holds ${JSON.stringify(found)}, and must hold one of ${JSON.stringify(allowed)}.`);
  }
  const same = async (): Promise<void> => {
    must(equal(await sumOf(archiver.read(id)), found), "its output has changed");
    const sidecar = new TextDecoder().decode(await toBytes(archiver.read(id, { name: "times" })));
    must(sidecar === SIDECAR, "its sidecar has changed");
  };
  await archiver.settle(id);
  await archiver.gc({ graceDays: 0 });
  await same();
  await archiver.archive(id);
  await archiver.verify(id);
  must((await state()) === "archived", "it is not archived");
  for (const name of ["output", "times"]) {
    must((await store.blobs.stat({ id, name })) === undefined, `its blob ${name} is still there`);
  }
  await archiver.restore(id);
  await same();
  must((await state()) === "live", "it is not live");
  await checkNextAppend(archiver, id, found);
  await archiver.gc({ graceDays: 0 });
  for await (const { key } of store.archives.list()) {
    if (sessionIdOf(key) === id) throw new Error(`The archive ${key} is left.`);
  }
}

/** Of a session whose bytes were being given up: all of them, or a tombstone. It can be written to then. */
export async function checkPurged(store: IndexedDbStore, id: string, before: Sum): Promise<void> {
  const archiver = createArchiver(store);
  const { state, meta } = await archiver.info(id);
  must(state === "pruned", `it is ${state}`);
  try {
    await archiver.undoPrune(id);
    return await checkWhole(store, id, [before]);
  } catch (error) {
    if (!hasCode(error, "PRUNED")) throw error;
  }
  must(
    meta[KEY.archivedRawBytes] !== undefined && meta[KEY.prunedCrc32] === before.crc32,
    "its tombstone says too little",
  );
  await checkNextAppend(archiver, id, { bytes: 0, crc32: 0 });
  await archiver.gc({ graceDays: 0 });
  for await (const { key } of store.archives.list()) {
    if (!isRecordKey(key)) throw new Error(`The archive ${key} is left.`);
  }
}

async function checkNextAppend(archiver: Archiver, id: string, sum: Sum): Promise<void> {
  const recorder = archiver.recorder(id);
  await recorder.append("next\n");
  await recorder.close();
  const more = plus(sum, new TextEncoder().encode("next\n"));
  must(equal(await sumOf(archiver.read(id)), more), "the next append is not there");
}

function equal(a: Sum, b: Sum): boolean {
  return a.bytes === b.bytes && a.crc32 === b.crc32;
}

export function must(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Error(`Wrong: ${otherwise}.`);
}
