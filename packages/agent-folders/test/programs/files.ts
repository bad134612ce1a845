/** Small things that tests do to files of programs. */
import { randomBytes } from "node:crypto";
import { on } from "node:events";
import { watch } from "node:fs";
import { mkdir, readdir, rename, stat, utimes } from "node:fs/promises";
import { join, relative } from "node:path";

const DAY_MS = 24 * 60 * 60 * 1000;

/** A word that nothing else writes, to find a turn again in what the model is asked later. */
export function newToken(): string {
  return `token-${randomBytes(12).toString("hex")}`;
}

/** Makes a file or folder look as if it was last changed this number of days ago. */
export async function age(path: string, days: number): Promise<void> {
  const time = new Date(Date.now() - days * DAY_MS);
  await utimes(path, time, time);
}

/** Moves a file to where a claim holds it aside. Gives its new path. */
export async function holdAside(root: string, path: string): Promise<string> {
  const folder = join(root, ".session-archiver-held", `${relative(root, path)}.held`);
  await mkdir(folder, { recursive: true });
  const part = join(folder, "original.20261128t230337123z.0123456789abcdef");
  await rename(path, part);
  return part;
}

export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

/** Resolves when something of this name is made in the folder from now on. */
export async function appearance(folder: string, name: string): Promise<void> {
  const watcher = watch(folder);
  try {
    for await (const [, changed] of on(watcher, "change")) if (changed === name) return;
  } finally {
    watcher.close();
  }
}

/** The same for all that lies below a folder. */
export async function ageAll(folder: string, days: number): Promise<void> {
  for (const name of await readdir(folder, { recursive: true })) await age(join(folder, name), days);
}
