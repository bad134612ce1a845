/** What a host may expect of the session and its store when all processes have ended. */
import { type Archiver, hasCode, OUTPUT, toBytes } from "@session-archiver/core";
import { KEY, RESTORED_PREFIX } from "@session-archiver/core/adapter";
import { contentOf, namedKeys } from "../oracle.js";
import type { Plan } from "./plan.js";
import { ID, SIDECAR, type World } from "./world.js";

export async function checkEnd(world: World, plan: Plan): Promise<void> {
  world.calm();
  const archiver = world.archiver(world.disk.ports);
  if (world.isTombstoned() && !world.isPurged()) await archiver.undoPrune(ID);
  await readsRight(world, archiver);
  await comesToRest(world, archiver, plan);
  if (plan.seed % 4 === 0) await verifies(world, archiver); // it reads everything once more
  if (contentOf(world.disk, ID, OUTPUT) === "") return; // its bytes were given up, and nothing was written since
  if (plan.ending === "restore") await restores(world, archiver, plan);
  else if (plan.ending === "purge") await purges(world, archiver, plan);
}

/** Reads every file whole; a purged session must give its error code. */
async function readsRight(world: World, archiver: Archiver): Promise<void> {
  for (const [name, ledger] of world.ledgers) {
    try {
      const text = new TextDecoder().decode(await toBytes(archiver.read(ID, { name })));
      ledger.check(text, ledger.mark(), `at the end ${name}`);
      // With newer output, the session is in use again.
      const isInUse = (world.disk.blobs.get(ID)?.size ?? 0) > 0;
      if (world.isPurged() && text === "" && !isInUse)
        throw new Error(`What was given up reads as if it had been empty: ${name}.`);
    } catch (error) {
      if (!(world.isPurged() && hasCode(error, "PRUNED"))) throw error;
    }
  }
}

async function verifies(world: World, archiver: Archiver): Promise<void> {
  await archiver.verify(ID).catch((error: unknown) => {
    if (!(world.isPurged() && hasCode(error, "PRUNED"))) throw error;
  });
}

/**
 * A sweep finds all interrupted work. A second one finds the bytes that the first has made live by finishing a restore. Then no
 * live bytes are left, and after a gc no superfluous archive.
 */
async function comesToRest(world: World, archiver: Archiver, plan: Plan): Promise<void> {
  const live = (): string[] => [...(world.disk.blobs.get(ID)?.keys() ?? [])];
  for (let sweeps = 0; sweeps === 0 || (sweeps === 1 && live().length > 0); sweeps++) {
    const report = await archiver.sweep({ inactiveDays: 0, graceDays: 10_000 });
    if (report.failedCount > 0) throw new Error(`The last sweep failed: ${JSON.stringify(report.failures)}`);
  }
  if (mayBeMissed(world, plan) && !world.isPurged()) await archiver.archive(ID);
  if (live().length > 0 && !world.isPurged()) throw new Error(`The last sweep left live bytes: ${live().join(", ")}.`);
  await collectsAll(world, archiver, plan);
  if (world.isPurged()) return;
  const lines = world.ledger(OUTPUT).count(contentOf(world.disk, ID, OUTPUT));
  const { lineCount } = await archiver.info(ID);
  if (lineCount !== lines) throw new Error(`The metadata counts ${lineCount} lines of ${lines}.`);
}

/**
 * Live bytes that a sweep need not find. Hosts make sidecars without a mark. Where calls fail, output may come late, after its
 * mark was removed. A writer may die before it has marked its first bytes again and acknowledged them. A restorer may die when
 * it has made a blob, and a settle that had looked earlier has just removed its mark. Output after a purge may not be counted
 * yet.
 */
function mayBeMissed(world: World, plan: Plan): boolean {
  const blob = world.disk.blobs.get(ID)?.get(OUTPUT);
  const isUnsure = blob !== undefined && world.ledger(OUTPUT).isUnsure(new TextDecoder().decode(blob.bytes));
  const isCopy = dies(plan) && blob?.ref.generation.startsWith(RESTORED_PREFIX) === true;
  const isFaulty = plan.faultPercent > 0;
  return isFaulty || isUnsure || isCopy || world.ledgers.has(SIDECAR) || world.meta()[KEY.lostBytes] !== undefined;
}

/** Whether any process ends before its work is done. */
function dies({ phases }: Plan): boolean {
  return phases.some(
    ({ cutAfter, actors }) => cutAfter !== undefined || actors.some(({ diesAt }) => diesAt !== undefined),
  );
}

async function collectsAll(world: World, archiver: Archiver, plan: Plan): Promise<void> {
  const { unknown } = await archiver.gc({ graceDays: 0 });
  const explained = mayLeaveUnknown(world, plan) ? new Set(unknown.keys) : new Set<string>();
  const left = [...world.disk.archives.keys()].filter((key) => !explained.has(key)).sort();
  const named = namedKeys(world.meta());
  if (left.join() !== named.join()) throw new Error(`The sink holds ${left.join()}, and needed is ${named.join()}.`);
}

/**
 * Objects about which nothing can be proven stay, and gc reports them: damaged bytes in a sink, and archives that a dead
 * archiver has left of a session whose bytes were given up since.
 */
function mayLeaveUnknown(world: World, plan: Plan): boolean {
  return plan.faultPercent > 0 || (dies(plan) && (world.isPurged() || world.meta()[KEY.lostBytes] !== undefined));
}

async function restores(world: World, archiver: Archiver, plan: Plan): Promise<void> {
  if (world.isPurged()) return;
  await archiver.restore(ID);
  if ((await archiver.info(ID)).state !== "live") throw new Error("A restored session is not live.");
  await verifies(world, archiver);
  await collectsAll(world, archiver, plan);
}

async function purges(world: World, archiver: Archiver, plan: Plan): Promise<void> {
  if (world.isPurged()) return;
  await archiver.pruneSession(ID);
  const report = await archiver.prune({ graceDays: 0 });
  if (report.refused !== null && mayLeaveUnknown(world, plan)) {
    // Because of a dead archiver's objects, the catalogue may be an old one, and then a prune gives nothing up.
    const { unknown } = await archiver.gc({ graceDays: 0 });
    if (unknown.count === 0) throw new Error(`A prune was refused without a reason: ${report.refused}`);
    await archiver.undoPrune(ID);
    return readsRight(world, archiver);
  }
  if (report.failedCount > 0 || !world.isPurged()) throw new Error("A tombstone's bytes can't be given up.");
  await collectsAll(world, archiver, plan);
  await readsRight(world, archiver);
}
