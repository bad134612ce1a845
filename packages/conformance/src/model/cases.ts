/** Random histories of calls, compared call by call with storage in memory. A failing history is made as small as possible. */
import { memoryPorts, type Ports } from "@session-archiver/core";
import { about, type Case } from "../case.js";
import type { Subject } from "../subject.js";
import { allArchives, archiveSteps } from "./archives.js";
import { blobSteps, blobsOf } from "./blobs.js";
import { differenceIn, type Store } from "./compare.js";
import { type HistoryOptions, historyOf } from "./history.js";
import { allObjects, objectSteps } from "./objects.js";
import { shrink } from "./shrink.js";
import { reopen, type Step, type StepMakers, upkeep } from "./step.js";

export interface ModelOptions {
  /** The seed of the first history. Default 1. The same seed makes the same histories. */
  readonly seed?: number | undefined;
  /** Histories of each case, one for each seed. Default 5. */
  readonly histories?: number | undefined;
  /** Calls of each history, for each port. Default 40. */
  readonly steps?: number | undefined;
  /** Sizes in bytes where the adapter changes how it stores them, such as its row size. Each is tried with its neighbours. */
  readonly sizes?: readonly number[] | undefined;
  /**
   * Called now and then. Something that the adapter offers beside the ports, such as a vacuum; it must not be visible through
   * them.
   */
  readonly upkeep?: ((subject: Subject) => Promise<void>) | undefined;
}

/** Sizes at which stores often cut bytes. */
const SIZES = [0, 65_536, 1_048_576];

const test = about("Random histories");

/** What the histories of a case consist of. */
interface Plan extends Pick<HistoryOptions, "makers" | "last"> {
  /** The number of ports that they call. */
  readonly ports: number;
}

const OBJECTS: Plan = { ports: 1, makers: objectSteps, last: () => [allObjects] };
const BLOBS: Plan = { ports: 1, makers: blobSteps, last: (ids) => ids.map(blobsOf) };
const ARCHIVES: Plan = { ports: 1, makers: archiveSteps, last: () => [allArchives] };
const ALL: Plan = {
  ports: 3,
  makers: [...objectSteps, ...blobSteps, ...archiveSteps],
  last: (ids) => [allObjects, ...ids.map(blobsOf), allArchives],
};
const RESTARTS: Plan = { ...ALL, makers: [...ALL.makers, [2, reopen]] };
/** Each look through one instance is followed by the same look through the other. */
const INSTANCES: Plan = { ...ALL, last: (ids) => ALL.last(ids).flatMap((look) => [look, look]) };

/** A case for each port; for all of them and `reopen`; and for all of them and `peer`. */
export function modelCases(options: ModelOptions = {}): readonly Case[] {
  const alone = (plan: Plan) => (subject: Subject) => compare(storeOn([subject], subject, options), plan, options);
  return [
    test(["objects"], "objects do what the model does", alone(OBJECTS)),
    test(["blobs"], "blobs do what the model does", alone(BLOBS)),
    test(["archives"], "archives do what the model does", alone(ARCHIVES)),
    test(
      ["objects", "blobs", "archives", "reopen"],
      "all three ports do what the model does, across restarts",
      alone(RESTARTS),
    ),
    test(["objects", "blobs", "archives", "peer"], "two instances do what the model does", async (subject) => {
      await compare(storeOn([subject, await subject.peer()], subject, options), INSTANCES, options);
    }),
  ];
}

/** Calls go to each of the instances in turn. */
function storeOn(opened: readonly Partial<Ports>[], subject: Subject, options: ModelOptions): Store {
  // A port that the subject doesn't offer is not called.
  const whole = ({ objects, blobs, archives }: Partial<Ports>): Ports => ({
    ...memoryPorts(),
    ...(objects && { objects }),
    ...(blobs && { blobs }),
    ...(archives && { archives }),
  });
  let instances = opened.map(whole);
  return {
    ports: () => instances[0] as Ports,
    turn() {
      instances = [...instances.slice(1), ...instances.slice(0, 1)];
    },
    async reopen() {
      if (subject.reopen) instances = [whole({ ...subject, ...(await subject.reopen()) })];
    },
    upkeep: async () => options.upkeep?.(subject),
  };
}

async function compare(store: Store, plan: Plan, options: ModelOptions): Promise<void> {
  const { seed: first = 1, histories = 5, steps = 40, sizes = SIZES } = options;
  const makers: StepMakers = options.upkeep ? [...plan.makers, [2, upkeep]] : plan.makers;
  const history = { makers, steps: plan.ports * steps, sizes, last: plan.last };
  let runs = 0;
  const attempt = async (tried: readonly Step[]) => differenceIn(tried, store, `${++runs} `);
  for (let seed = first; seed < first + histories; seed++) {
    const found = await attempt(historyOf(seed, history));
    if (!found) continue;
    const smallest = await shrink(found, attempt);
    const lines = smallest.steps.map(({ text }) => `  ${text}`).join("\n");
    throw new Error(`seed ${seed}: ${found.message}\nmade smaller: ${smallest.message}\n${lines}`);
  }
}
