/** Where a path really leads, also if its end does not exist yet. */
import { realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** The path without links, as far as it exists; the rest as it is. */
export async function realPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  return join(await realPlace(dirname(path)), basename(path));
}

/** The path itself, or the nearest folder above it that exists. */
export async function existingPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  return real ?? (dirname(path) === path ? path : existingPlace(dirname(path)));
}
