/** What `sweep --source` and its relatives print with `--json`. Sizes in bytes, times in unix ms. */
import type { FolderPlan, FolderReport, FolderStep, PlannedHeld } from "@session-archiver/agent-folders";
import type { SessionFailure } from "@session-archiver/core";
import type { Told } from "./report-text.js";

export interface FolderStepDocument {
  readonly id: string;
  readonly agent: string;
  readonly project: string;
  readonly action: FolderStep["action"];
  readonly reason: string | null;
  readonly why: string;
  readonly bytes: number;
  readonly diskBytes: number;
  readonly lastActivityMs: number;
}

interface HeldDocument {
  readonly agent: string;
  readonly path: string;
  readonly id: string | null;
  readonly diskBytes: number;
  readonly dueAt: number;
  /** Whether this run would let it go, and why not. */
  readonly due: boolean;
  readonly why: string | null;
}

export interface FolderPlanDocument {
  readonly steps: readonly FolderStepDocument[];
  readonly held: readonly HeldDocument[];
  readonly places: readonly {
    readonly agent: string;
    readonly home: string;
    readonly notFreed: string | null;
    readonly leftOut: readonly { readonly root: string; readonly path: string; readonly reason: string }[];
    readonly cleanUp: { readonly sessions: number; readonly bytes: number };
  }[];
  readonly freesDiskBytes: number;
  readonly archiveBytesEstimate: number;
}

export interface FolderSweepDocument {
  /** `null`: nothing was done, because nobody said yes. */
  readonly run: FolderReport["run"] | null;
  /** By how much agents' folders and the archiver's own have shrunk on the disk; negative if they have grown. */
  readonly freedBytes: number;
  /** Bytes of disk that are held aside, and from when on a run may let them go. */
  readonly heldDiskBytes: number;
  readonly heldUntil: number | null;
  readonly archiveBytesAdded: number;
  readonly sessions: readonly (Omit<FolderStepDocument, "action" | "reason"> & { readonly outcome: string })[];
  readonly failures: readonly SessionFailure[];
  readonly plan: FolderPlanDocument;
}

export function stepDocument(step: FolderStep): FolderStepDocument {
  const { place, project, action, why, bytes, diskBytes, lastActivityMs, sessionId } = step;
  const reason = step.reason ?? null;
  return { id: sessionId, agent: place.source.name, project, action, reason, why, bytes, diskBytes, lastActivityMs };
}

function heldDocument({ place, path, sessionId, diskBytes, dueAt, due, why }: PlannedHeld): HeldDocument {
  return { agent: place.source.name, path, id: sessionId ?? null, diskBytes, dueAt, due, why: why ?? null };
}

export function planDocument(plan: FolderPlan): FolderPlanDocument {
  const { freesDiskBytes, archiveBytesEstimate } = plan;
  return {
    steps: plan.steps.map(stepDocument),
    held: plan.held.map(heldDocument),
    places: plan.places.map(({ place, notFreed = null, leftOut, cleanUp }) => ({
      ...{ agent: place.source.name, home: place.home, notFreed, leftOut, cleanUp },
    })),
    ...{ freesDiskBytes, archiveBytesEstimate },
  };
}

/** `told`: what was done; `undefined` if nothing was. */
export function sweepDocument(plan: FolderPlan, told: Told | undefined): FolderSweepDocument {
  const { report, freedBytes = 0, heldDiskBytes = 0, heldUntil = null } = told ?? {};
  return {
    run: report?.run ?? null,
    ...{ freedBytes, heldDiskBytes, heldUntil },
    archiveBytesAdded: report?.archiveBytesAdded ?? 0,
    sessions: (report?.done ?? []).map(({ step, outcome, why }) => {
      const { action: _, reason: __, ...document } = stepDocument(step);
      return { ...document, outcome, why };
    }),
    failures: report?.failures ?? plan.failures,
    plan: planDocument(plan),
  };
}
