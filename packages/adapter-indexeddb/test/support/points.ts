/** At which points of an operation a tab is killed. */
import type { Scenario } from "./client/scenarios.js";

/** Each point in each way, instead of in one: some minutes. */
const ALL = process.env["SESSION_ARCHIVER_ALL_POINTS"] === "1";
const WAYS = 3;

/**
 * One way of dying takes every third point, so that together they take all; of long and of some operations fewer,
 * spread evenly.
 */
export function pointsFor(scenario: Pick<Scenario, "most">, count: number, way: number): readonly number[] {
  const step = ALL ? 1 : Math.max(WAYS, Math.ceil(count / (scenario.most ?? 8)));
  const first = ALL ? 0 : Math.floor((way * step) / WAYS);
  return Array.from({ length: count }, (_, point) => point).filter((point) => point % step === first);
}
