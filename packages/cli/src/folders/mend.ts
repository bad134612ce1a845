/** Makes a copy of a Codex thread that an older release has made unreadable to newer ones. */
import {
  type FolderHost,
  mendOrdinals,
  nodeFiles,
  originalsIn,
  type Place,
  readCatalogue,
  type Unit,
} from "@session-archiver/agent-folders";
import { ArchiverError, hasCode } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { namedSession, onlyOne } from "../ids.js";
import { count } from "../output/text.js";
import { folderHost } from "./host.js";
import { putBack } from "./put-back.js";
import { placesHere } from "./sources-option.js";

/** The document of `mend --json`. */
export interface MendDocument {
  readonly id: string;
  /** Session id of the copy. */
  readonly copy: string;
  /** Absolute paths of the copy. */
  readonly files: readonly string[];
  /** Records that were given an ordinal. */
  readonly records: number;
  /** How many files of the original were put back in their places for it. */
  readonly restoredFiles: number;
}

interface Thread {
  readonly place: Place;
  readonly unit: Unit;
}

export async function mend(context: CommandContext, word: string): Promise<boolean> {
  const { output, signal } = context;
  const host = folderHost(context, nodeFiles());
  const { named, restoredFiles } = await putBackNamed(context, word);
  const { place, unit } = await threadOf(context, host, named);
  const { id } = unit;
  const root = place.roots.find(({ name }) => name === unit.members[0]?.root);
  if (!root) throw new ArchiverError("NOT_FOUND", `The files of "${id}" are gone.`, { id });
  const mended = await mendOrdinals(
    host.files,
    root.path,
    unit.members.map(({ path }) => path),
    { signal },
  );
  const document: MendDocument = {
    id,
    copy: `codex:${mended.nativeId}`,
    files: mended.files.map(({ to }) => `${root.path}/${to}`),
    ...{ records: mended.records, restoredFiles },
  };
  await output.result(document, () => {
    const back = restoredFiles > 0 ? `Put the original back: ${count(restoredFiles, "file")}.\n` : "";
    return `${back}${count(mended.records, "record")} got an ordinal in a copy: codex resume ${mended.nativeId}`;
  });
  return true;
}

/** Puts the session back, if the catalogue has it; it need not be archived yet. */
async function putBackNamed(
  context: CommandContext,
  word: string,
): Promise<{ readonly named: string; readonly restoredFiles: number }> {
  const { archiver, signal } = context;
  const id = await namedSession(context, word).catch((error: unknown) => {
    if (!hasCode(error, "NOT_FOUND")) throw error;
  });
  if (id === undefined) return { named: word, restoredFiles: 0 };
  const info = await archiver.info(id, { signal });
  const originals = originalsIn(info.meta);
  if (originals?.source !== "codex") return { named: id, restoredFiles: 0 };
  const { restoredFiles } = await putBack(context, info, {});
  return { named: originals.unit ?? id, restoredFiles };
}

/** `word`: the whole id, or a beginning of it, or of the part after the agent's name, that no other thread has. */
async function threadOf(context: CommandContext, host: FolderHost, word: string): Promise<Thread> {
  const { archiver, env, output, signal } = context;
  const catalogue = await readCatalogue(archiver, { signal });
  const threads = new Map<string, Thread>();
  for (const place of await placesHere(env, host.files, (message) => output.note(`note: ${message}`))) {
    if (place.source.name !== "codex") continue;
    const { units } = await place.source.scan(place, host.files, { known: catalogue.known(place), signal });
    for (const unit of units) threads.set(unit.id, { place, unit });
  }
  const begun = [...threads].flatMap(([id, { unit }]) =>
    [id, unit.nativeId].some((name) => name.startsWith(word)) ? [id] : [],
  );
  const id = threads.has(word) ? word : onlyOne(word, begun);
  const thread = id === undefined ? undefined : threads.get(id);
  if (thread) return thread;
  throw new ArchiverError("NOT_FOUND", `Codex has no thread "${word}" here: doctor names those that need it.`);
}
