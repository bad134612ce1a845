/** What must hold of a session after a crash, and that its life goes on. */
import { type Archiver, hasCode, KEY, type Ports } from "@session-archiver/core";
import { check, equal, equalBytes } from "../../support/assert.js";
import { all, collect, concat } from "../../support/data.js";
import { archiverOn } from "../../support/session.js";
import { type Operation, SIDECAR_BYTES } from "./operations.js";

/** Takes the session through the rest of its life, and removes it. `when` says what had happened. */
export async function isWhole(
  ports: Ports,
  id: string,
  operation: Operation,
  output: Uint8Array,
  when: string,
): Promise<void> {
  const archiver = archiverOn(ports);
  if (await isUsable(archiver, id, operation, when)) await livesOn(archiver, ports, id, operation, output, when);
  await archiver.collect({ graceDays: 0 });
  await remove(ports, id);
  await archiver.collect({ graceDays: 0 });
  equal(await keysOf(ports), [], `what is left in the sink ${when}`);
}

/** `false` if its bytes were given up, as the operation was to; a tombstone is taken back. */
async function isUsable(archiver: Archiver, id: string, operation: Operation, when: string): Promise<boolean> {
  const { state, meta } = await archiver.info(id);
  if (state !== "pruned") return true;
  const error = await collect(archiver.read(id)).catch((reason: unknown) => reason);
  check(hasCode(error, "PRUNED"), `a pruned session must read as PRUNED ${when}, not as ${error}.`);
  const isPurged = meta[KEY.purgedAt] !== undefined;
  check(!isPurged || operation.purges === true, `the bytes were given up ${when}.`);
  if (!isPurged) await archiver.undoPrune(id);
  return !isPurged;
}

async function livesOn(
  archiver: Archiver,
  ports: Ports,
  id: string,
  operation: Operation,
  output: Uint8Array,
  when: string,
): Promise<void> {
  const first = await collect(archiver.read(id));
  const expected = operation.adds && first.length !== output.length ? concat([output, operation.adds]) : output;
  const same = async (then: string): Promise<void> => {
    equalBytes(await collect(archiver.read(id)), expected, `the output ${when}${then}`);
    equalBytes(await collect(archiver.read(id, { name: "times" })), SIDECAR_BYTES, `the sidecar ${when}${then}`);
  };
  await same("");
  if (!operation.lacksManifest) await archiver.verify(id);
  await archiver.settle(id);
  await same(", settled");
  await archiver.collect({ graceDays: 0 });
  await same(", settled and collected");
  await archiver.archive(id);
  await archiver.verify(id);
  await same(", archived");
  equal((await archiver.info(id)).state, "archived", `the state ${when}, archived`);
  equal(await all(ports.blobs.list(id)), [], `the live blobs ${when}, archived`);
  await archiver.restore(id);
  await same(", restored");
  equal((await archiver.info(id)).state, "live", `the state ${when}, restored`);
  const kept = (await ports.objects.get(id))?.meta[KEY.keptArchives] ?? [];
  await archiver.collect({ graceDays: 0 });
  await same(", restored and collected");
  equal(await keysOf(ports), Array.isArray(kept) ? kept.toSorted() : [], `what is left in the sink ${when}, restored`);
}

async function remove(ports: Ports, id: string): Promise<void> {
  for (const ref of await all(ports.blobs.list(id))) await ports.blobs.delete(ref);
  const object = await ports.objects.get(id);
  if (object) await ports.objects.delete(id, object.version);
}

async function keysOf(ports: Ports): Promise<readonly string[]> {
  return (await all(ports.archives.list())).map(({ key }) => key).sort();
}
