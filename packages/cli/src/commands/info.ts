import { KEY, type Meta } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import type { SessionDetails } from "../documents.js";
import { type IdOptions, namedSessions, takingIds } from "../ids.js";
import { detailsText } from "../output/details.js";
import { archiveBytesOf, liveBytesOf } from "../sessions.js";
import { forEachId } from "./each-id.js";
import { archivedPartsOf, keptArchivesOf, sinkFile } from "./info-archive.js";

export const addInfo: AddCommand = (program, action) => {
  takingIds(program.command("info")).description("show all that is known of sessions").action(action(info, "read"));
};

async function info(context: CommandContext, words: string[], options: IdOptions): Promise<boolean> {
  const sessions = await namedSessions(context, words, options);
  const { all, done, allWell } = await forEachId(context, sessions, (id) => detailsOf(context, id));
  await context.output.result(all, done.map(detailsText).join("\n\n"));
  return allWell;
}

async function detailsOf(context: CommandContext, id: string): Promise<SessionDetails> {
  const { archiver, stores, signal } = context;
  const { archivePath: _, meta, ...info } = await archiver.info(id, { signal });
  const live: { name: string; bytes: number }[] = [];
  for await (const { key, size } of stores.blobs.list(id, { signal })) live.push({ name: key.name, bytes: size });
  return {
    ...info,
    liveBytes: liveBytesOf({ ...info, meta }),
    archiveBytes: archiveBytesOf({ meta }),
    startedAt: numberIn(meta, KEY.startedAt),
    resumedAt: numberIn(meta, KEY.resumedAt),
    purgedAt: numberIn(meta, KEY.purgedAt),
    lostBytes: numberIn(meta, KEY.lostBytes),
    live,
    archive: await archivedPartsOf(context, id, meta),
    manifest: await sinkFile(context, meta[KEY.archiveManifest]),
    kept: await keptArchivesOf(context, meta),
    meta,
  };
}

/** Metadata may hold anything. */
function numberIn(meta: Meta, key: string): number | null {
  const value = meta[key];
  return typeof value === "number" && value > 0 ? value : null;
}
