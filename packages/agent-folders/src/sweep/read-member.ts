/** Reads a file as it was when it was looked at, or fails. */
import { ArchiverError, type Bytes, type ImportSource } from "@session-archiver/core";
import type { Files } from "../files.js";
import { versionOf } from "../originals.js";
import type { Member } from "../source.js";
import { type Sum, sumOf } from "../sums.js";

/** The bytes `[start, end)`, through one descriptor. `CONFLICT` if the file is no longer the one that was looked at. */
export async function* readMember(
  files: Files,
  location: string,
  { look }: Member,
  { start, end }: { readonly start: number; readonly end: number },
): Bytes {
  const file = await files.open(location);
  if (!file) throw changed(location);
  try {
    if (versionOf(await file.look()) !== versionOf(look)) throw changed(location);
    let at = start;
    for await (const chunk of file.read({ start, end })) {
      at += chunk.length;
      yield chunk;
    }
    if (at !== end || versionOf(await file.look()) !== versionOf(look)) throw changed(location);
  } finally {
    await file.close();
  }
}

export async function sumOfMember(files: Files, location: string, member: Member): Promise<Sum> {
  return sumOf(readMember(files, location, member, { start: 0, end: member.look.size }));
}

export function sourceOfMember(files: Files, location: string, member: Member, identity: string): ImportSource {
  return {
    size: member.look.size,
    identity,
    version: versionOf(member.look),
    location,
    lastModifiedMs: mtimeMsOf(member),
    read: (range) => readMember(files, location, member, range),
  };
}

/** Unix ms. */
export function mtimeMsOf({ look }: Member): number {
  return Number(BigInt(look.mtimeNs) / 1_000_000n);
}

function changed(location: string): ArchiverError {
  return new ArchiverError("CONFLICT", `"${location}" was changed meanwhile: it is left for the next run.`);
}
