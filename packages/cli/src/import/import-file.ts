/** Imports one file: finds out whose session it is, and hands it to the archiver. */
import { ArchiverError, type ImportOptions, type ImportResult, type ImportSource } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { FoundFile } from "./find.js";
import { identityOf } from "./identity.js";
import type { Known, KnownSessions } from "./known-sessions.js";
import type { Outcome } from "./report.js";
import { importSource, lookAt, rawSize, type SourceFile } from "./source-file.js";
import { keepWithPinned } from "./subagents.js";
import { besideOf, type Target, targetsOf } from "./targets.js";
import type { Turn } from "./turns.js";

const MAX_TRIES = 5;

export interface Imported extends Omit<ImportResult, "outcome"> {
  readonly outcome: Outcome;
  /** The session that the file would belong to, if that one did not hold something else. */
  readonly besides: string | undefined;
}

export interface ImportRun {
  readonly context: CommandContext;
  readonly sessions: KnownSessions;
  /** The file's place among those that could concern the same session; `undefined` if no other is imported beside it. */
  readonly turn?: Turn | undefined;
  /** Gets the session's id, and how much of the file is done: from 0 to 1. */
  onProgress(id: string, part: number): void;
  /** Gets the error if the file can't be read, which is no fault of the store. */
  onUnreadable(error: unknown): void;
}

/** `CORRUPT` for a file that can't be unpacked; otherwise errors of the file system and of `archiver.import`. */
export async function importFile(run: ImportRun, file: FoundFile): Promise<Imported> {
  const { signal } = run.context;
  const reading = watched(run);
  const source = await reading(() => lookAt(file.location, file.form, file.parts));
  const here = await run.sessions.at(file.location);
  const hereIds = here.map(({ id }) => id);
  const untouched = here.find(({ version }) => version === source.state.version);
  if (untouched) {
    const target = { id: untouched.id, known: untouched, mayReplace: true };
    const work = (): Promise<ImportResult> => importInto(run, file, source, untouched.identity, target);
    const names = [...hereIds, untouched.identity, file.pathId];
    const { outcome, ...result } = await (run.turn?.run(names, work) ?? work());
    if (outcome !== "differs") return { ...result, outcome, besides: undefined };
  }
  const identity = await reading(() => identityOf(source, signal));
  const work = (): Promise<Imported> => importByIdentity(run, file, source, identity);
  if (!run.turn) return work();
  const called = identity === undefined ? undefined : await run.sessions.called(identity);
  return run.turn.run([...hereIds, identity, called, file.archiveOf, file.pathId, besideOf(file, identity)], work);
}

async function importByIdentity(
  run: ImportRun,
  file: FoundFile,
  source: SourceFile,
  identity: string | undefined,
): Promise<Imported> {
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const targets = await targetsOf(file, identity, run.sessions);
    const [first] = targets;
    for (const target of targets) {
      const { outcome, ...result } = await importInto(run, file, source, identity, target);
      if (outcome === "differs") continue;
      if (outcome === "created") await keepWithPinned(run.context, run.sessions, result.id);
      return { ...result, outcome, besides: target === first ? undefined : first?.id };
    }
    // Another import has meanwhile taken the last of them for another file.
  }
  const message = `The sessions that "${file.path}" could belong to hold something else: import it again. Nothing was changed.`;
  throw new ArchiverError("CONFLICT", message);
}

async function importInto(
  run: ImportRun,
  file: FoundFile,
  source: SourceFile,
  identity: string | undefined,
  { id, known, mayReplace }: Target,
): Promise<ImportResult> {
  const { archiver, signal } = run.context;
  const options: ImportOptions = {
    aliases: aliasesOf(file, id),
    rewritten: mayReplace ? "replace" : "leave",
    onProgress: ({ bytes, totalBytes }) => run.onProgress(id, totalBytes ? bytes / totalBytes : 1),
    signal,
  };
  run.onProgress(id, 0);
  const result = await archiver.import(id, await sourceOf(run, source, identity, known), options);
  run.sessions.add(id, identity);
  return result;
}

/** A session that is called by its identity keeps the path as another name. */
function aliasesOf({ pathId, archiveOf }: FoundFile, id: string): readonly string[] | undefined {
  const isOther = pathId !== id && pathId !== "" && archiveOf === undefined;
  return isOther ? [pathId] : undefined;
}

async function sourceOf(
  run: ImportRun,
  source: SourceFile,
  identity: string | undefined,
  known: Known | undefined,
): Promise<ImportSource> {
  const { signal } = run.context;
  const isUntouched = known?.version === source.state.version && known.size !== undefined;
  // The size of a packed file is known only after unpacking, which is not repeated as long as the file is unchanged.
  const size = isUntouched ? known.size : await watched(run)(() => rawSize(source, signal));
  const opened = importSource(source, { size, identity }, signal);
  return {
    ...opened,
    async *read(range) {
      try {
        yield* opened.read(range);
      } catch (error) {
        run.onUnreadable(error);
        throw error;
      }
    },
  };
}

function watched(run: ImportRun) {
  return async <T>(read: () => Promise<T>): Promise<T> => {
    try {
      return await read();
    } catch (error) {
      run.onUnreadable(error);
      throw error;
    }
  };
}
