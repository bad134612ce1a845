/** Takes one file in: as a new session, or as what follows on a session that is there. */
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

/** One import under way; `onShare` hears how much of it is done, from 0 to 1. */
interface Job {
  readonly app: App;
  readonly source: Source;
  readonly signal: AbortSignal;
  onShare(share: number): void;
}

/**
 * `CONFLICT` if the file holds other bytes than the session that has its id, or somebody writes to that; `PRUNED` if there is
 * only a tombstone; `CORRUPT` for broken gzip data. Of a new session nothing is kept then.
 */
export function importFile(
  app: App,
  source: Source,
  fileBytes: number,
  signal: AbortSignal,
  onRead: (fileBytes: number) => void,
): Promise<ImportOutcome> {
  const { id } = source;
  // Gzip data is read twice: each time is half of the work.
  const before = source.isGzip ? 0.5 : 0;
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

/** Nobody else is at it: whoever was making or deleting the session that is there is gone. */
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
    (await takeIn(job, data)) === "created" && (await app.archiver.info(id)).rawBytes === data.size;
  if (!(await isNew())) {
    // Bytes without an object are no session's: what a deletion that was cut short has left is not to come back.
    await removeFor(app, id);
    if (!(await isNew()))
      throw new ArchiverError("CONFLICT", `Somebody else writes to "${id}". Import it again.`, { id });
  }
  await app.archiver.update(id, (meta) => withKeys(meta, { [APP_KEY.making]: null }));
  return "imported";
}

async function extend(job: Job, data: ImportSource, existing: SessionInfo): Promise<ImportOutcome> {
  if (data.size <= existing.rawBytes) return told(job, await takeIn(job, data), existing);
  const { archiver } = job.app;
  const mark = (isWriting: true | null) =>
    archiver.update(existing.id, (meta) => withKeys(meta, { [APP_KEY.writing]: isWriting }));
  await mark(true);
  try {
    return told(job, await takeIn(job, data), existing);
  } finally {
    await mark(null);
  }
}

async function takeIn({ app, source, signal, onShare }: Job, data: ImportSource): Promise<ImportResult["outcome"]> {
  const { outcome } = await app.archiver.import(source.id, data, {
    meta: { [APP_KEY.making]: true },
    // By its name alone a file with other bytes is hardly the same session.
    rewritten: "leave",
    signal,
    onProgress: ({ bytes }) => onShare(data.size === 0 ? 1 : bytes / data.size),
  });
  return outcome;
}

/** What became of a file whose session was there. */
function told({ source }: Job, outcome: ImportResult["outcome"], existing: SessionInfo): ImportOutcome {
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
