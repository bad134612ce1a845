/** The times that restored files get, and whether Claude Code could find the session again. */
import { ArchiverError } from "@session-archiver/core";
import { HELD_FOLDER } from "../claim/place.js";
import type { FileLook, Files } from "../files.js";
import type { Arranged, Place, RestoredFile } from "../source.js";
import { mtimeMsOf } from "../unit.js";
import { CLEAN_UP_MS } from "./clean-up.js";
import { isUuid, partsOf, stemOf } from "./names.js";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long a restored file is safe from the clean-up at least. */
const SAFE_MS = 7 * DAY_MS;
/** Files of this time before keep their order within the first day that is safe, and so do those of that day. */
const ORDERED_MS = 2 * 365 * DAY_MS;
/** Some file systems keep times in steps of two seconds. */
const OLDER_MS = 2000;

/**
 * Each file keeps its mtime, unless it would be cleaned up within 8 days. The transcript gets one older than that of the newest
 * transcript beside it, where both can hold: `--continue` takes the newest. `CONFLICT` if another project folder has a transcript
 * of this session: Claude Code would then find neither.
 */
export async function arrangeClaudeCode(
  place: Place,
  files: Files,
  nativeId: string,
  restored: readonly RestoredFile[],
  now: number,
): Promise<Arranged> {
  const earliest = now - CLEAN_UP_MS + SAFE_MS;
  const safe = (mtimeMs: number): number => {
    const age = Math.min(earliest + DAY_MS - mtimeMs, DAY_MS + ORDERED_MS);
    return Math.min(age > 0 ? earliest + Math.floor(DAY_MS * (1 - age / (DAY_MS + ORDERED_MS))) : mtimeMs, now);
  };
  const warnings: string[] = [];
  const mtimesMs: number[] = [];
  for (const { root, path, mtimeMs } of restored) {
    const folder = place.roots.find(({ name }) => name === root)?.path;
    const parts = partsOf(path);
    if (folder === undefined || path !== `${parts?.slug}/${nativeId}.jsonl` || parts === undefined) {
      mtimesMs.push(safe(mtimeMs));
      continue;
    }
    await refuseSecond(folder, files, parts.slug, nativeId);
    const newest = await newestBeside(`${folder}/${parts.slug}`, files, nativeId);
    const time = safe(mtimeMs);
    const older = time < newest ? time : newest - OLDER_MS;
    if (older < earliest) warnings.push(IS_NEWEST);
    mtimesMs.push(older < earliest ? time : older);
  }
  return { mtimesMs, warnings };
}

/** The same for all, so that what is true of many sessions can be said once. */
const IS_NEWEST = "`claude --continue` will pick it up in its folder: it is the newest there.";

/** See `AgentSource.stillTrue`: another transcript may have come that is newer. */
export async function stillNewest(
  place: Place,
  files: Files,
  nativeId: string,
  restored: readonly Pick<RestoredFile, "root" | "path">[],
  warnings: readonly string[],
): Promise<readonly string[]> {
  let isNewest = false;
  for (const { root, path } of restored) {
    const folder = place.roots.find(({ name }) => name === root)?.path;
    const { slug } = partsOf(path) ?? {};
    if (folder === undefined || slug === undefined || path !== `${slug}/${nativeId}.jsonl`) continue;
    const own = await files.look(`${folder}/${path}`);
    const newest = await newestBeside(`${folder}/${slug}`, files, nativeId);
    isNewest ||= own !== undefined && mtimeMsOf({ look: own }) >= newest;
  }
  return warnings.filter((warning) => warning === IS_NEWEST && isNewest);
}

/** Also a link counts: Claude Code follows it. */
async function refuseSecond(projects: string, files: Files, slug: string, uuid: string): Promise<void> {
  const own = await files.look(`${projects}/${slug}/${uuid}.jsonl`);
  for (const other of await files.list(projects)) {
    if (other === slug || other === HELD_FOLDER) continue;
    const look = await files.look(`${projects}/${other}/${uuid}.jsonl`);
    // The same file under a name that differs only in case is not a second one.
    if (!look || look.identity === own?.identity) continue;
    throw new ArchiverError(
      "CONFLICT",
      `Claude Code already has a transcript of this session in "${other}". With a second one in "${slug}" it would find ` +
        "neither. Move that one away first, or read this one with `session-archiver cat`.",
    );
  }
}

/** Unix ms; 0 if there is no other transcript. */
async function newestBeside(project: string, files: Files, uuid: string): Promise<number> {
  let newest = 0;
  for (const name of await files.list(project)) {
    const stem = stemOf(name);
    if (stem === undefined || !isUuid(stem) || stem === uuid) continue;
    const look: FileLook | undefined = await files.look(`${project}/${name}`);
    if (look && look.size > 0) newest = Math.max(newest, mtimeMsOf({ look }));
  }
  return newest;
}
