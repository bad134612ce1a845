/** Where a path really leads, also if its end does not exist yet. */
import { readlink, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";

/** Links to follow where a path can't be resolved by the system. */
const MOST_LINKS = 40;

/** The path without links, as far as it exists; the rest as it is. Follows a link also if nothing is at its end. */
export async function realPlace(path: string, links: number = MOST_LINKS): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  if (real !== undefined || dirname(path) === path) return real ?? path;
  const place = join(await realPlace(dirname(path), links), basename(path));
  const target = links > 0 ? await readlink(place).catch(() => undefined) : undefined;
  return target === undefined ? place : realPlace(resolve(dirname(place), target), links - 1);
}

/** The path itself, or the nearest folder above it that exists. */
export async function existingPlace(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined);
  return real ?? (dirname(path) === path ? path : existingPlace(dirname(path)));
}
