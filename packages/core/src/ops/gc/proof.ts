/**
 * Proves that archive objects which a session does not name hold nothing that the session does not hold as well: every file
 * in them is a byte prefix of one of the session's, archived and read to be right, or live.
 */
import { collect } from "../../bytes.js";
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { checkTrailer, TRAILER_BYTES } from "../../format/gzip.js";
import { manifestKey, parseKey } from "../../format/keys.js";
import { type FileIndex, MAX_MANIFEST_BYTES, type ManifestFile } from "../../format/manifest.js";
import { decodeManifest } from "../../format/manifest-decode.js";
import { type PrefixCheck, prefixCheck } from "../../format/prefix-check.js";
import { scanArchive } from "../../format/scan.js";
import type { ArchiveInfo, Bytes, OpOptions } from "../../ports.js";
import { contentOf } from "../content.js";
import type { Snapshot } from "../snapshot.js";

/** A file that an archive object says it holds. */
interface Claim {
  /** The session's file; `undefined` where nothing says which it was. */
  readonly name: string | undefined;
  readonly index: FileIndex;
}

/** What could be proven of some of the session's archive objects; of the others, nothing. */
export interface Proof {
  readonly superfluous: ReadonlySet<ArchiveInfo>;
  /** They hold nothing that can be read, or not what their manifest says. */
  readonly unreadable: ReadonlySet<ArchiveInfo>;
}

export async function prove(
  ctx: Context,
  snapshot: Snapshot,
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<Proof> {
  const claims = new Map<ArchiveInfo, readonly Claim[]>();
  const unreadable = new Set<ArchiveInfo>();
  for (const info of infos) {
    const own = await claimsOf(ctx, snapshot.object.id, info, op);
    if (own) claims.set(info, own);
    else unreadable.add(info);
  }
  const held = await heldBy(ctx, snapshot, [...claims.values()].flat(), op);
  const isProven = (own: readonly Claim[]): boolean => own.length > 0 && own.every((claim) => held.has(claim));
  const superfluous = new Set([...claims].flatMap(([info, own]) => (isProven(own) ? [info] : [])));
  return { superfluous, unreadable };
}

/** `undefined` for an object that can't be read, or does not agree with its manifest. */
async function claimsOf(
  ctx: Context,
  id: string,
  info: ArchiveInfo,
  op: OpOptions,
): Promise<readonly Claim[] | undefined> {
  const parsed = parseKey(info.key);
  if (!parsed || parsed.id !== id || parsed.kind === "reserved") return [];
  try {
    const files = await manifestFiles(ctx, id, manifestKey(parsed.stem), op);
    if (parsed.kind === "manifest") return (files ?? []).map((file) => ({ name: file.name, index: file }));
    const file = files?.find(({ key }) => key === info.key);
    if (files && !file) return [];
    if (!file) return [{ name: undefined, index: await scanArchive(ctx.archives, ctx.codec, info.key, op) }];
    if (file.storedBytes !== info.size) return undefined;
    const end = await collect(ctx.archives.read(info.key, { start: info.size - TRAILER_BYTES, end: info.size }, op));
    checkTrailer(end, file.crc32, file.rawBytes, info.key);
    return [{ name: file.name, index: file }];
  } catch (error) {
    if (hasCode(error, "CORRUPT", "NOT_FOUND")) return undefined;
    throw error;
  }
}

/** `undefined` if there is no manifest; `CORRUPT` if it can't be read; no file of one that is another session's. */
async function manifestFiles(
  ctx: Context,
  id: string,
  key: string,
  op: OpOptions,
): Promise<readonly ManifestFile[] | undefined> {
  const info = await ctx.archives.stat(key, op);
  if (!info) return undefined;
  if (info.size > MAX_MANIFEST_BYTES) return [];
  const manifest = decodeManifest(await collect(ctx.archives.read(key, undefined, op)), key);
  return manifest.id === id ? manifest.files : [];
}

/** Reads each file of the session once; the claims that hold. */
async function heldBy(
  ctx: Context,
  snapshot: Snapshot,
  claims: readonly Claim[],
  op: OpOptions,
): Promise<ReadonlySet<Claim>> {
  const held = new Set<Claim>();
  for (const part of snapshot.parts) {
    const checks = claims
      .filter((claim) => !held.has(claim) && (claim.name === undefined || claim.name === part.name))
      .map((claim) => ({ claim, check: prefixCheck(claim.index) }));
    try {
      await feed(checks, contentOf(ctx, snapshot, part, op));
    } catch (error) {
      // What the session itself can't read proves nothing.
      if (!hasCode(error, "CORRUPT", "NOT_FOUND", "CONFLICT")) throw error;
      continue;
    }
    for (const { claim, check } of checks) if (check.holds() === true) held.add(claim);
  }
  return held;
}

/** Reads until all is decided. */
async function feed(checks: readonly { readonly check: PrefixCheck }[], content: Bytes): Promise<void> {
  const isOpen = (): boolean => checks.some(({ check }) => check.holds() === undefined);
  if (!isOpen()) return;
  for await (const chunk of content) {
    for (const { check } of checks) check.add(chunk);
    if (!isOpen()) return;
  }
}
