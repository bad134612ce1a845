/** Runs a sweep and sends its progress. */
import type { ArchiverEvent, Progress as CoreProgress, SweepReport } from "@session-archiver/core";
import type { Progress, SweepSettings } from "../api.ts";
import type { App } from "../app.ts";
import { throttled } from "../tasks.ts";
import { sweepOptions } from "./options.ts";
import { planSweep } from "./plan.ts";

/** `undefined` if another tab is sweeping; `ABORTED` when cancelled. */
export function runSweep(app: App, settings: SweepSettings): Promise<SweepReport | undefined> {
  return app.tasks.run((signal) =>
    app.store.runExclusive(async () => {
      const steps = (await planSweep(app, settings)).filter(({ action }) => action !== "skip");
      const emit = throttled((progress) => app.events.emit({ type: "progress", progress }));
      const progress = sweepProgress(new Map(steps.map(({ id, action, bytes }) => [id, { action, bytes }])), emit);
      const stopListening = app.listen(progress.onEvent);
      try {
        const { onProgress } = progress;
        const report = await app.archiver.sweep({ ...sweepOptions(settings), signal, onProgress });
        const { archiveBytesFreed } = await app.archiver.gc({ signal });
        return { ...report, archiveBytesFreed: report.archiveBytesFreed + archiveBytesFreed };
      } finally {
        stopListening();
        app.events.changed();
      }
    }),
  );
}

interface Planned {
  readonly action: string;
  readonly bytes: number;
}

/** Adds up the archiver's progress events for single sessions. Bytes are those to be archived. */
function sweepProgress(
  planned: ReadonlyMap<string, Planned>,
  emit: (progress: Progress) => void,
): { onProgress(progress: CoreProgress): void; onEvent(event: ArchiverEvent): void } {
  const totalBytes = [...planned.values()].reduce((sum, { action, bytes }) => sum + archivedBytes(action, bytes), 0);
  const finished = new Set<string>();
  let finishedBytes = 0;
  const tell = (id: string, bytes: number): void => {
    const doneBytes = Math.min(totalBytes, finishedBytes + bytes);
    emit({ operation: "sweep", id, doneBytes, totalBytes, doneCount: finished.size, totalCount: planned.size });
  };
  const finish = (id: string): void => {
    const step = planned.get(id);
    if (!step || finished.has(id)) return;
    finished.add(id);
    finishedBytes += archivedBytes(step.action, step.bytes);
    tell(id, 0);
  };
  return {
    onProgress: ({ id, bytes }) => tell(id, Math.min(bytes, planned.get(id)?.bytes ?? 0)),
    onEvent(event) {
      if (event.type !== "progress" && "id" in event && event.id !== undefined) finish(event.id);
    },
  };
}

function archivedBytes(action: string, bytes: number): number {
  return action === "archive" ? bytes : 0;
}
