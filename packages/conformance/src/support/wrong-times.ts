/** Archives like those of an earlier version, which mistook times in seconds for milliseconds. */
import { bytesOf, KEY, type Ports, toBytes } from "@session-archiver/core/adapter";
import { crc32 } from "@session-archiver/core/format";
import { text } from "./data.js";

const TIME_COLUMN = 6;
const WRONG = 1_795_850_196;

interface RawManifest {
  readonly files: readonly { readonly segments: readonly unknown[][] }[];
}

/** Replaces an archived session's manifest by one with a wrong time for every segment, and commits it. */
export async function noteWrongTimes({ objects, archives }: Ports, id: string): Promise<void> {
  const object = await objects.get(id);
  const key = String(object?.meta[KEY.manifestKey]);
  const right = await toBytes(archives.read(key));
  const manifest = JSON.parse(new TextDecoder().decode(right)) as RawManifest;
  for (const { segments } of manifest.files) for (const row of segments) row[TIME_COLUMN] = WRONG;
  const wrong = text(JSON.stringify(manifest));
  await archives.delete(key);
  await archives.put(key, bytesOf(wrong));
  const archiveBytes = Number(object?.meta[KEY.archiveBytes]) + wrong.length - right.length;
  const meta = { ...object?.meta, [KEY.manifestCrc32]: crc32(wrong), [KEY.archiveBytes]: archiveBytes };
  await objects.put(id, meta, object?.version ?? null);
}
