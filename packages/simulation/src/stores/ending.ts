/**
 * Checks when all processes have ended: each catalogue reads its own sessions right, and an undisturbed one has an orderly
 * sink.
 */
import { type Archiver, hasCode, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { contentOf, namedKeys } from "../oracle.js";
import type { Catalogue } from "./catalogue.js";
import { isRemoving, observedPorts } from "./observed.js";
import type { StoresPlan } from "./plan.js";
import type { StoresWorld } from "./world.js";

export async function checkStoresEnd(world: StoresWorld, plan: StoresPlan): Promise<void> {
  for (const catalogue of world.catalogues) {
    const operation = { beganAt: world.law.tick(), removing: undefined };
    const archiver = world.archiver(observedPorts(world, catalogue, operation));
    await readsRight(world, catalogue, archiver);
    const { unknown } = await archiver.gc({ graceDays: 0 });
    await readsRight(world, catalogue, archiver);
    if (isUndisturbed(plan) && world.catalogues.filter(({ sink }) => sink === catalogue.sink).length === 1) {
      isOrderly(world, catalogue, mayLeaveUnknown(plan) ? unknown.keys : []);
    }
  }
}

/** Reads must match the history. If a named archive is gone or given up, they must fail with an error code. */
async function readsRight(world: StoresWorld, catalogue: Catalogue, archiver: Archiver): Promise<void> {
  const archives = world.sinks[catalogue.sink]?.archives ?? new Map();
  const disk = { ...catalogue.disk, archives };
  for (const [id, { meta }] of catalogue.disk.objects) {
    if (isRemoving(meta)) continue;
    const isWhole = namedKeys(meta).every((key) => archives.has(key));
    if (!isWhole && !catalogue.isDisturbed) throw new Error(`An archive of ${id} is named, but gone.`);
    for (const file of catalogue.history.files.keys()) {
      if (!file.startsWith(`${id}/`)) continue;
      const name = file.slice(id.length + 1);
      let text: string;
      try {
        text = new TextDecoder().decode(await toBytes(archiver.read(id, { name })));
      } catch (error) {
        const isPruned = Number(meta[KEY.prunedAt] ?? 0) > 0 && hasCode(error, "PRUNED");
        const isGone = !isWhole && hasCode(error, "CORRUPT", "NOT_FOUND");
        // A sidecar that was never made.
        const isNone = hasCode(error, "NOT_FOUND") && contentOf(disk, id, name) === "";
        if (isPruned || isGone || isNone) continue;
        throw error;
      }
      catalogue.history.check(file, text, `${file} of catalogue ${world.catalogues.indexOf(catalogue)}`);
    }
  }
}

/** Whether no catalogue was lost, copied, set back or swapped. Processes may have died. */
function isUndisturbed({ rounds }: StoresPlan): boolean {
  return rounds.every(({ turn }) => turn.kind === "none");
}

/**
 * An archiver may die while its session is removed or purged. Nothing can then be proven about its archive: gc reports it,
 * and it stays.
 */
function mayLeaveUnknown({ rounds }: StoresPlan): boolean {
  const workers = rounds.flatMap((round) => round.workers);
  const givesUp = workers.some(({ works }) => works.some(([work]) => work === "remove" || work === "purge"));
  return givesUp && workers.some(({ diesAt }) => diesAt !== undefined);
}

/** After a gc its sink holds the keys that its sessions name, run records, and the objects reported as unknown. */
function isOrderly(world: StoresWorld, catalogue: Catalogue, unknown: readonly string[]): void {
  const named = [...catalogue.disk.objects.values()].flatMap(({ meta }) => namedKeys(meta)).sort();
  const keys = [...(world.sinks[catalogue.sink]?.archives.keys() ?? [])];
  const left = keys.filter((key) => !key.includes("/runs/") && !unknown.includes(key)).sort();
  if (left.join() !== named.join()) throw new Error(`The sink holds ${left.join()}, and needed is ${named.join()}.`);
}
