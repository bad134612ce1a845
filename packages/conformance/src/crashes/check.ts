/** What must hold for a session after a crash, and that it can still be used. */
import { type Archiver, bytesOf, hasCode, type Ports } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { check, equal, equalBytes } from "../support/assert.js";
import { all, concat, toBytes } from "../support/data.js";
import { archiveKeys, archiverOn } from "../support/session.js";
import { importAgain } from "./imports.js";
import { CHANGED, type Operation, TITLE } from "./operations.js";
import { SIDECAR_BYTES } from "./states.js";

/** Takes the session through the rest of its life, and removes it. `when` describes the crash, for messages. */
export async function isWhole(
  ports: Ports,
  id: string,
  operation: Operation,
  output: Uint8Array,
  when: string,
): Promise<void> {
  const archiver = archiverOn(ports);
  if (operation.imports) {
    await importAgain(archiver, ports, id, operation.imports, output, when);
    await livesOn(archiver, ports, id, operation, operation.imports, when);
    await archiver.remove(id);
    return isEmpty(ports, id, when);
  }
  if (operation.rebuilds) equal((await archiver.rebuild()).failures, [], `what can't be made anew ${when}`);
  if (operation.creates) await begins(archiver, ports, id, output, when);
  const meta = (await ports.objects.get(id))?.meta;
  if (operation.forgets && meta?.[KEY.forgottenAt] !== undefined) return isForgotten(archiver, ports, id, when);
  const isGone = meta === undefined || meta[KEY.removingAt] !== undefined;
  check(!isGone || operation.removes === true, `the session is gone ${when}.`);
  if (isGone) {
    await archiver.gc({ graceDays: 0 });
    equal(await ports.objects.get(id), undefined, `the removed session's object ${when}`);
    return isEmpty(ports, id, when);
  }
  if (await isUsable(archiver, id, operation, when)) await livesOn(archiver, ports, id, operation, output, when);
  await archiver.gc({ graceDays: 0 });
  await archiver.remove(id);
  await isEmpty(ports, id, when);
}

/** Makes the session if it isn't there, and gives it its output. In either case it must be a new session. */
async function begins(archiver: Archiver, ports: Ports, id: string, output: Uint8Array, when: string): Promise<void> {
  await archiver.create(id, { title: TITLE }).catch((error: unknown) => {
    check(hasCode(error, "CONFLICT"), `a session that isn't there can't be made ${when}: ${error}.`);
  });
  equal((await archiver.info(id)).state, "live", `the new session's state ${when}`);
  await isEmpty(ports, id, when);
  for (const [name, bytes] of [["output", output] as const, ["times", SIDECAR_BYTES] as const]) {
    await ports.blobs.create({ id, name }, `live-${name}`, bytesOf(bytes));
  }
}

/** Once it was begun, a gc finishes it: nothing but the bare tombstone is left. */
async function isForgotten(archiver: Archiver, ports: Ports, id: string, when: string): Promise<void> {
  await archiver.gc({ graceDays: 0 });
  await isEmpty(ports, id, when);
  const keys = [KEY.forgottenAt, KEY.prunedAt, KEY.pruneReason, KEY.purgedAt, "view"];
  equal(Object.keys((await ports.objects.get(id))?.meta ?? {}).sort(), keys.sort(), `the tombstone's keys ${when}`);
  const error = await toBytes(archiver.read(id)).catch((reason: unknown) => reason);
  check(hasCode(error, "PRUNED"), `a forgotten session must read as PRUNED ${when}, not as ${error}.`);
  await archiver.undoForget(id);
  equal(await ports.objects.get(id), undefined, `the tombstone that was taken away ${when}`);
}

async function isEmpty(ports: Ports, id: string, when: string): Promise<void> {
  equal(await archiveKeys(ports.archives), [], `what is left in the sink ${when}`);
  equal(await all(ports.blobs.list(id)), [], `what is left of the blobs ${when}`);
}

/** `false` if its bytes were given up, as the operation intended. Otherwise a tombstone is taken back. */
async function isUsable(archiver: Archiver, id: string, operation: Operation, when: string): Promise<boolean> {
  const { state, meta } = await archiver.info(id);
  if (state !== "pruned") return true;
  const error = await toBytes(archiver.read(id)).catch((reason: unknown) => reason);
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
  const first = await toBytes(archiver.read(id));
  const expected = operation.adds && first.length !== output.length ? concat([output, operation.adds]) : output;
  const same = async (then: string): Promise<void> => {
    equalBytes(await toBytes(archiver.read(id)), expected, `the output ${when}${then}`);
    if (operation.isAlone) return;
    equalBytes(await toBytes(archiver.read(id, { name: "times" })), SIDECAR_BYTES, `the sidecar ${when}${then}`);
  };
  await same("");
  if (!operation.lacksManifest) await archiver.verify(id);
  await archiver.settle(id);
  await same(", settled");
  await archiver.gc({ graceDays: 0 });
  await same(", settled and collected");
  await archiver.archive(id);
  await archiver.verify(id);
  await same(", archived");
  equal((await archiver.info(id)).state, "archived", `the state ${when}, archived`);
  equal(await all(ports.blobs.list(id)), [], `the live blobs ${when}, archived`);
  await archiver.restore(id);
  await same(", restored");
  equal((await archiver.info(id)).state, "live", `the state ${when}, restored`);
  const { title } = (await archiver.info(id)).meta;
  check(title === TITLE || (operation.updates === true && title === CHANGED), `the title is ${title} ${when}.`);
  const kept = (await ports.objects.get(id))?.meta[KEY.keptArchives] ?? [];
  await archiver.gc({ graceDays: 0 });
  await same(", restored and collected");
  equal(
    await archiveKeys(ports.archives),
    Array.isArray(kept) ? kept.toSorted() : [],
    `what is left in the sink ${when}, restored`,
  );
}
