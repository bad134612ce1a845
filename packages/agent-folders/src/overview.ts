/** What is here, by agent. */
import type { OpOptions } from "@session-archiver/core";
import { readCatalogue } from "./catalogue.js";
import type { FolderHost } from "./host.js";
import type { Place } from "./source.js";
import { planFolders } from "./sweep/plan.js";
import type { FolderPlan, FolderStep } from "./sweep/plan-types.js";
import type { FolderPolicy } from "./sweep/policy.js";

export interface PlaceOverview {
  readonly place: Place;
  readonly sessions: number;
  /** Bytes of their files, and bytes of disk. */
  readonly bytes: number;
  readonly diskBytes: number;
  /** Unix ms: the least recent activity; `undefined` without sessions. */
  readonly oldestMs: number | undefined;
  /** What the agent's own clean-up deletes within 7 days. */
  readonly cleanUp: { readonly sessions: number; readonly bytes: number };
  /** What a sweep would free. */
  readonly wouldFree: { readonly sessions: number; readonly diskBytes: number };
  /** Archived, with its files in their places; held aside; freed. */
  readonly mirrored: number;
  readonly held: { readonly files: number; readonly diskBytes: number; readonly until: number | undefined };
  readonly freed: { readonly sessions: number; readonly diskBytes: number };
  readonly notFreed: string | undefined;
}

export interface Overview {
  readonly places: readonly PlaceOverview[];
  readonly plan: FolderPlan;
}

export async function overview(
  host: FolderHost,
  places: readonly Place[],
  policy: Partial<FolderPolicy> = {},
  op: OpOptions = {},
): Promise<Overview> {
  const plan = await planFolders(host, places, policy, op);
  const { sessions } = await readCatalogue(host.archiver, op);
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const isFreeing = ({ action }: FolderStep): boolean => action === "free" || action === "archive-and-free";
  return {
    plan,
    places: plan.places.map(({ place, cleanUp, notFreed }) => {
      const steps = plan.steps.filter((step) => step.place === place);
      const held = plan.held.filter((step) => step.place === place);
      const notes = sessions.flatMap(({ originals }) =>
        originals?.source === place.source.name && originals.home === place.home ? [originals] : [],
      );
      const freeing = steps.filter(isFreeing);
      const freed = notes.filter(({ state }) => state === "freed");
      return {
        ...{ place, cleanUp, notFreed, sessions: steps.length },
        bytes: sum(steps.map((step) => step.bytes)),
        diskBytes: sum(steps.map((step) => step.diskBytes)),
        oldestMs: steps.length === 0 ? undefined : Math.min(...steps.map((step) => step.lastActivityMs)),
        wouldFree: { sessions: freeing.length, diskBytes: sum(freeing.map((step) => step.diskBytes)) },
        mirrored: notes.filter(({ state, pending }) => state === "kept" && !pending).length,
        held: {
          files: held.length,
          diskBytes: sum(held.map((step) => step.diskBytes)),
          until: held.length === 0 ? undefined : Math.max(...held.map(({ dueAt }) => dueAt)),
        },
        freed: { sessions: freed.length, diskBytes: sum(freed.map(({ freedDiskBytes = 0 }) => freedDiskBytes)) },
      };
    }),
  };
}
