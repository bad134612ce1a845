/** What lies at the place of a file that is to be put back. */
import type { FileLook } from "../files.js";
import type { FolderHost } from "../host.js";
import { sumOf } from "../same-bytes.js";

/** empty: nothing. there: the file, with all archived bytes and perhaps more. other: something else. */
export type Found = { readonly is: "empty" } | { readonly is: "there" | "other"; readonly look: FileLook };

export async function judgePlace(
  { files }: FolderHost,
  { location, size, crc32 }: { readonly location: string; readonly size: number; readonly crc32: number },
): Promise<Found> {
  const look = await files.look(location);
  if (!look) return { is: "empty" };
  if (look.kind !== "file" || look.size < size) return { is: "other", look };
  const file = await files.open(location);
  if (!file) return { is: "empty" };
  try {
    const sum = await sumOf(file.read({ start: 0, end: size }));
    return { is: sum.size === size && sum.crc32 === crc32 ? "there" : "other", look };
  } finally {
    await file.close();
  }
}
