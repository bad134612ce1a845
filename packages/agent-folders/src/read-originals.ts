/** Reads the note about a session's originals. It comes from outside: all of it is well formed, or none of it counts. */
import { isAbsolute } from "node:path";
import type { Meta } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/format";
import type { OriginalMember, Originals, Run } from "./originals.js";
import { isPathBelow } from "./paths.js";

type Fields = Readonly<Record<string, unknown>>;

const MAX_MEMBERS = 100_000;

/** What is noted; `undefined` if there is no note, or if any of it is malformed or names an impossible place. */
export function originalsIn(meta: Meta): Originals | undefined {
  const value = meta[KEY.originals];
  if (!isFields(value)) return undefined;
  const {
    source,
    home,
    nativeId,
    unit,
    project,
    needs,
    state,
    keeps,
    run,
    freedDiskBytes,
    restoredAt,
    rebuilt,
    pending,
  } = value;
  const members = membersFrom(value["members"]);
  const folders = foldersFrom(value["folders"]);
  if (!isText(source) || !isText(nativeId) || typeof project !== "string" || !isText(home)) return undefined;
  if (!isAbsolute(home) || home.includes("\0") || !isTexts(needs) || !members || !folders) return undefined;
  if (state !== "kept" && state !== "held" && state !== "freed") return undefined;
  const noted = runFrom(run);
  return {
    ...{ source, home, nativeId, project, needs, state, members, folders },
    ...(isText(unit) && { unit }),
    ...(keeps === true && { keeps }),
    ...(noted && { run: noted }),
    ...(isCount(freedDiskBytes) && { freedDiskBytes }),
    ...(isCount(restoredAt) && { restoredAt }),
    ...(pending !== undefined && pending !== false && { pending: true }),
    ...(rebuilt !== undefined && rebuilt !== false && { rebuilt: true }),
  };
}

function membersFrom(value: unknown): Originals["members"] | undefined {
  if (!isFields(value)) return undefined;
  const entries = Object.entries(value).map(([name, member]) => [name, memberFrom(member)] as const);
  const whole = entries.filter((entry): entry is readonly [string, OriginalMember] => entry[1] !== undefined);
  return whole.length === entries.length && whole.length <= MAX_MEMBERS ? Object.fromEntries(whole) : undefined;
}

function memberFrom(value: unknown): OriginalMember | undefined {
  if (!isFields(value)) return undefined;
  const { root, path, mode, mtimeMs, size, crc32, version } = value;
  if (typeof root !== "string" || typeof path !== "string" || !isPathBelow(path) || !isMode(mode)) return undefined;
  if (typeof mtimeMs !== "number" || !Number.isFinite(mtimeMs) || !isCount(size) || !isCount(crc32)) return undefined;
  if (typeof version !== "string" || crc32 > 0xffff_ffff) return undefined;
  return { root, path, mode, mtimeMs, size, crc32, version };
}

function foldersFrom(value: unknown): Originals["folders"] | undefined {
  if (!Array.isArray(value) || value.length > MAX_MEMBERS) return undefined;
  const folders: { readonly root: string; readonly path: string; readonly mode: number }[] = [];
  for (const folder of value) {
    if (!isFields(folder)) return undefined;
    const { root, path, mode } = folder;
    if (typeof root !== "string" || typeof path !== "string" || !isPathBelow(path) || !isMode(mode)) return undefined;
    folders.push({ root, path, mode });
  }
  return folders;
}

function runFrom(value: unknown): Run | undefined {
  if (!isFields(value)) return undefined;
  const { id, at, why } = value;
  return isText(id) && /^[0-9a-f]{16}$/.test(id) && isCount(at) && typeof why === "string"
    ? { id, at, why }
    : undefined;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isMode(value: unknown): value is number {
  return isCount(value) && value <= 0o7777;
}
