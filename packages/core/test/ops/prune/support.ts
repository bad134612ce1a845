/** Stores that keep a sum or none, and list as little or as much as they may. */
import { sweepIndex } from "../../../src/adapter.js";
import { createArchiver, type Meta, memoryPorts, type ObjectQuery, type Ports } from "../../../src/index.js";
import { NOW } from "../../support.js";

export const DAY_MS = 24 * 60 * 60 * 1000;

/** Gives no more than was asked for. */
export function sharp({ objects, ...ports }: Ports, asked: ObjectQuery[] = []): Ports {
  return {
    ...ports,
    objects: {
      ...objects,
      async *list(query, op) {
        asked.push(query ?? {});
        const found = await Array.fromAsync(objects.list(query, op));
        const at = (meta: Meta): number => sweepIndex(meta).keptActivityMs ?? 0;
        if (query?.oldestArchivesLimit !== undefined) found.sort((a, b) => at(a.meta) - at(b.meta));
        yield* found.slice(0, query?.oldestArchivesLimit);
      },
    },
  };
}

export function withoutSum({ objects, ...ports }: Ports): Ports {
  const { archiveBytes: _, ...rest } = objects;
  return { ...ports, objects: rest };
}

export async function portsWith(metas: readonly Meta[]): Promise<Ports> {
  const ports = memoryPorts();
  for (const [n, meta] of metas.entries()) await ports.objects.put(`s${n}`, meta, null);
  return ports;
}

export async function planOf(ports: Ports, options: object) {
  const archiver = createArchiver({ ...ports, now: () => NOW });
  const steps = await Array.fromAsync(archiver.plan(options));
  return steps.filter(({ action }) => action === "prune" || action === "purge");
}
