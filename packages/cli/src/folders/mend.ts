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
}

export async function mend(context: CommandContext, id: string): Promise<boolean> {
  const { archiver, output, signal } = context;
  const host = folderHost(context, nodeFiles());
  try {
    const info = await archiver.info(id, { signal });
    if (originalsIn(info.meta)) await putBack(context, info, {});
  } catch (error) {
    // It need not be archived yet.
    if (!hasCode(error, "NOT_FOUND")) throw error;
  }
  const { place, unit } = await threadOf(context, host, id);
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
    records: mended.records,
  };
  await output.result(
    document,
    () => `${count(mended.records, "record")} got an ordinal in a copy: codex resume ${mended.nativeId}`,
  );
  return true;
}

async function threadOf(context: CommandContext, host: FolderHost, id: string): Promise<{ place: Place; unit: Unit }> {
  const { archiver, env, signal } = context;
  const catalogue = await readCatalogue(archiver, { signal });
  for (const place of await placesHere(env, host.files)) {
    if (place.source.name !== "codex") continue;
    const { units } = await place.source.scan(place, host.files, { known: catalogue.known(place), signal });
    const unit = units.find((one) => one.id === id);
    if (unit) return { place, unit };
  }
  throw new ArchiverError("NOT_FOUND", `Codex has no thread "${id}" here: doctor names those that need it.`, { id });
}
