/** Imports one file: as a new session, or as the continuation of an existing one. */
import {
  ArchiverError,
  hasCode,
  type ImportResult,
  type ImportSource,
  type SessionInfo,
  throwIfAborted,
} from "@session-archiver/core";
import type { App } from "../app.ts";
import { APP_KEY, titleOf, withKeys } from "../meta.ts";
import { removeFor } from "../remove.ts";
import { isShown } from "../rows.ts";
import type { Source } from "./source.ts";

export type ImportOutcome = "imported" | "unchanged" | "appended";

/** One running import; `onShare` gets the share that is done, from 0 to 1. */
interface Job {
  readonly app: App;
  readonly source: Source;
  readonly signal: AbortSignal;
  onShare(share: number): void;
}

/**
 * `CONFLICT` if the session with this id holds other bytes than the file, or has a writer; `PRUNED` if only its tombstone
 * is left; `CORRUPT` for broken gzip or zstd data. If it fails, nothing of a new session is kept.
 */
export function importFile(
  app: App,
  source: Source,
  fileBytes: number,
  signal: AbortSignal,
  onRead: (fileBytes: number) => void,
): Promise<ImportOutcome> {
  const { id } = source;
  // Packed data is read twice; each pass is half of the work.
  const before = source.packing ? 0.5 : 0;
  const onShare = (share: number): void => onRead(fileBytes * (before + share * (1 - before)));
  const job: Job = { app, source, signal, onShare };
  return app.locks.hold(id, async () => {
    throwIfAborted(signal, { id });
    const data = await source.open((read) => {
      throwIfAborted(signal, { id });
      onRead(read * before);
    });
    const existing = await sessionThere(app, id);
    try {
      return existing ? await extend(job, data, existing) : await create(job, data);
    } finally {
      app.events.changed(id);
    }
  });
}

/** The existing session, if any. The caller has the writer's lock, so a tab that was creating or deleting it is gone. */
async function sessionThere(app: App, id: string): Promise<SessionInfo | undefined> {
  try {
    const info = await app.archiver.info(id);
    if (isShown(info.meta)) return info;
    await removeFor(app, id);
  } catch (error) {
    if (!hasCode(error, "NOT_FOUND")) throw error;
  }
  return undefined;
}

async function create(job: Job, data: ImportSource): Promise<ImportOutcome> {
  const { app, source } = job;
  const { id } = source;
  const isNew = async (): Promise<boolean> =>
    (await ingest(job, data)) === "created" && (await app.archiver.info(id)).rawBytes === data.size;
  if (!(await isNew())) {
    // An interrupted deletion may have left bytes without metadata. They must not become part of the new session.
    await removeFor(app, id);
    if (!(await isNew()))
      throw new ArchiverError("CONFLICT", `Another writer is using "${id}". Import it again.`, { id });
  }
  await app.archiver.update(id, (meta) => withKeys(meta, { [APP_KEY.creating]: null }));
  return "imported";
}

async function extend(job: Job, data: ImportSource, existing: SessionInfo): Promise<ImportOutcome> {
  if (data.size <= existing.rawBytes) return outcomeOf(job, await ingest(job, data), existing);
  const { archiver } = job.app;
  const mark = (isWriting: true | null) =>
    archiver.update(existing.id, (meta) => withKeys(meta, { [APP_KEY.writing]: isWriting }));
  await mark(true);
  try {
    return outcomeOf(job, await ingest(job, data), existing);
  } finally {
    await mark(null);
  }
}

async function ingest({ app, source, signal, onShare }: Job, data: ImportSource): Promise<ImportResult["outcome"]> {
  const { outcome } = await app.archiver.import(source.id, data, {
    meta: { [APP_KEY.creating]: true },
    // A file with the session's name but other bytes is probably another session.
    rewritten: "leave",
    signal,
    onProgress: ({ bytes }) => onShare(data.size === 0 ? 1 : bytes / data.size),
  });
  return outcome;
}

/** The outcome for a file whose session existed. Throws if the file was refused. */
function outcomeOf({ source }: Job, outcome: ImportResult["outcome"], existing: SessionInfo): ImportOutcome {
  const { id, path } = source;
  switch (outcome) {
    case "unchanged":
    case "older":
      return "unchanged";
    case "pruned": {
      const message = `The session "${titleOf(existing)}" was pruned. Undo that or delete it, then import "${path}" again.`;
      throw new ArchiverError("PRUNED", message, { id });
    }
    case "differs": {
      const message = `There is a session "${titleOf(existing)}" of this name already. It holds other bytes than "${path}": rename the file to import it beside that session. Nothing was changed.`;
      throw new ArchiverError("CONFLICT", message, { id });
    }
  }
  return "appended";
}
