/** What the sink holds of one session, as its metadata names it. */
import { archivedFiles, type Json, KEY, type Meta } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import type { ArchivedPart, SinkFile } from "../documents.js";

export async function archivedPartsOf(context: CommandContext, id: string, meta: Meta): Promise<ArchivedPart[]> {
  const parts: ArchivedPart[] = [];
  for (const { name, path, bytes: rawBytes, lines: lineCount } of archivedFiles(id, meta)) {
    const file = await sinkFile(context, path);
    if (file) parts.push({ name, ...file, rawBytes, lineCount });
  }
  return parts;
}

export async function keptArchivesOf(context: CommandContext, meta: Meta): Promise<SinkFile[]> {
  const keys = meta[KEY.keptArchives];
  const files: SinkFile[] = [];
  for (const key of Array.isArray(keys) ? keys : []) {
    const file = await sinkFile(context, key);
    if (file) files.push(file);
  }
  return files;
}

/** `null` if that is no key: metadata may hold anything. */
export async function sinkFile({ stores, signal }: CommandContext, key: Json | undefined): Promise<SinkFile | null> {
  if (typeof key !== "string" || key === "") return null;
  return { key, bytes: (await stores.archives.stat(key, { signal }))?.size ?? null };
}
