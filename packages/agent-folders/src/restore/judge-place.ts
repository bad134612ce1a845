/** What lies at the place of a file that is to be put back. */
import type { FileLook } from "../files.js";
import type { FolderHost } from "../host.js";
import { isSameSum, type Sum, sumOf } from "../sums.js";

/** empty: nothing. there: the file, with all archived bytes and perhaps more. other: something else. */
export type Found = { readonly is: "empty" } | { readonly is: "there" | "other"; readonly look: FileLook };

export async function judgePlace(
  { files }: FolderHost,
  { location, ...sum }: Sum & { readonly location: string },
): Promise<Found> {
  const look = await files.look(location);
  if (!look) return { is: "empty" };
  if (look.kind !== "file" || look.size < sum.size) return { is: "other", look };
  const file = await files.open(location);
  if (!file) return { is: "empty" };
  try {
    const found = await sumOf(file.read({ start: 0, end: sum.size }));
    return { is: isSameSum(found, sum) ? "there" : "other", look };
  } finally {
    await file.close();
  }
}
