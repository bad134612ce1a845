/** Takes a store through all steps. */
import { type Archiver, type ArchiverOptions, createArchiver, type Ports } from "@session-archiver/core";
import { type Costs, costsOf } from "./costs.js";
import { portCounter } from "./counted-ports.js";
import { ACTIVE_MS } from "./made-sessions.js";
import { type Stage, steps } from "./steps.js";

export interface StoreToGrow {
  readonly ports: Ports;
  /** A store for another catalogue. */
  readonly empty: () => Promise<Pick<Ports, "objects" | "blobs">>;
  readonly codec?: ArchiverOptions["codec"];
}

/** The costs of each step by its name, with this many sessions. */
export async function growStore(
  { ports, empty, codec }: StoreToGrow,
  sessions: number,
): Promise<Readonly<Record<string, Costs>>> {
  let now = ACTIVE_MS;
  const { counted, counts } = portCounter();
  const options = { ...(codec && { codec }), now: () => now };
  const archives = counted(ports.archives);
  const withCatalogue = (catalogue: Pick<Ports, "objects" | "blobs">): Archiver =>
    createArchiver({ objects: counted(catalogue.objects), blobs: counted(catalogue.blobs), archives, ...options });
  const stage: Stage = {
    archiver: withCatalogue(ports),
    sessions,
    setNow(ms: number) {
      now = ms;
    },
    withoutCatalogue: async () => withCatalogue(await empty()),
  };
  // Else the first sessions that are archived at once make it, as often as they happen to.
  await stage.archiver.storeId();
  const costs: Record<string, Costs> = {};
  for (const step of steps()) {
    await step.prepare?.(stage);
    costs[step.name] = await costsOf(counts, () => step.run(stage));
  }
  return costs;
}
