/** The names of files in a folder of archives. */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveKeyAt } from "@session-archiver/adapter-fs";
import { isRecordKey, sessionIdOf } from "@session-archiver/core/format";

const SHORTENED = /~([0-9a-f]{64})((?:\.[a-z0-9]{1,10}){1,2})$/;
/** Damaged objects are set aside under keys of this form. */
const QUARANTINED = /^quarantine\/(.*)\.damaged$/s;

/** The key of the file at this path (the names below `folder`), if it is one that the archiver gives. */
export async function ownKeyAt(folder: string, names: readonly string[]): Promise<string | undefined> {
  const [, hash, ending = ""] = SHORTENED.exec(names.at(-1) ?? "") ?? [];
  const key = hash === undefined ? archiveKeyAt(names) : await longKey(folder, names, hash);
  return key?.endsWith(ending) && isOwn(key) ? key : undefined;
}

function isOwn(key: string): boolean {
  const [, set] = QUARANTINED.exec(key) ?? [];
  return set === undefined ? isRecordKey(key) || sessionIdOf(key) !== undefined : isOwn(set);
}

/** The session of a key that the archiver gives; `undefined` for a run record's. */
export function sessionOf(key: string): string | undefined {
  return sessionIdOf(QUARANTINED.exec(key)?.[1] ?? key);
}

/** A long key is kept in a file that its hash names. */
async function longKey(folder: string, names: readonly string[], hash: string): Promise<string | undefined> {
  if (names.length !== 1) return undefined;
  const key = await readFile(join(folder, ".names", hash), "utf8").catch(() => "");
  return createHash("sha256").update(key).digest("hex") === hash ? key : undefined;
}
