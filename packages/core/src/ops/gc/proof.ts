/**
 * Proves that archive objects which a session does not name hold nothing that the session does not hold as well: every
 * file in them is a byte prefix of a file of the session, live or archived, or of an earlier output that is kept. The
 * session's bytes are read and checked for this.
 */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { parseKey } from "../../format/keys.js";
import { type PrefixCheck, prefixCheck } from "../../format/prefix-check.js";
import type { ArchiveInfo, Bytes, OpOptions } from "../../ports.js";
import { contentOf } from "../../read/content.js";
import type { FileState } from "../../session/file-state.js";
import { keptSnapshot, keptVersions } from "../../session/kept-versions.js";
import type { Snapshot } from "../../session/snapshot.js";
import { fileSize } from "../../session/snapshot-facts.js";
import { type Claim, claimsByItself, claimsByManifest } from "./claims.js";

/** What was proven about the given archive objects. Objects in neither set may hold other bytes. */
export interface Proof {
  readonly superfluous: ReadonlySet<ArchiveInfo>;
  /** Objects in which no bytes of the session can be read: damaged files, and manifests. */
  readonly unreadable: ReadonlySet<ArchiveInfo>;
}

type Claims = ReadonlyMap<ArchiveInfo, readonly Claim[]>;

/**
 * First tries what manifests claim, which costs least. A manifest may be damaged, so objects not proven that way are
 * read themselves.
 */
export async function prove(
  ctx: Context,
  snapshot: Snapshot,
  infos: readonly ArchiveInfo[],
  op: OpOptions,
): Promise<Proof> {
  const byManifest = new Map<ArchiveInfo, readonly Claim[]>();
  for (const info of infos) byManifest.set(info, await claimsByManifest(ctx, snapshot.object.id, info, op));
  const superfluous = await provenBy(ctx, snapshot, byManifest, op);
  const unreadable = new Set<ArchiveInfo>();
  const byItself = new Map<ArchiveInfo, readonly Claim[]>();
  for (const info of infos.filter((candidate) => !superfluous.has(candidate))) {
    const kind = parseKey(info.key)?.kind;
    const claims = kind === "output" || kind === "sidecar" ? await claimsByItself(ctx, info, op) : undefined;
    if (claims) byItself.set(info, claims);
    else if (kind !== "reserved") unreadable.add(info);
  }
  for (const info of await provenBy(ctx, snapshot, byItself, op)) superfluous.add(info);
  return { superfluous, unreadable };
}

async function provenBy(ctx: Context, snapshot: Snapshot, claims: Claims, op: OpOptions): Promise<Set<ArchiveInfo>> {
  const held = await heldBy(ctx, snapshot, [...claims.values()].flat(), op);
  const isProven = (own: readonly Claim[]): boolean => own.length > 0 && own.every((claim) => held.has(claim));
  return new Set([...claims].flatMap(([info, own]) => (isProven(own) ? [info] : [])));
}

/** Reads each file of the session once; returns the claims that hold. */
async function heldBy(
  ctx: Context,
  snapshot: Snapshot,
  claims: readonly Claim[],
  op: OpOptions,
): Promise<ReadonlySet<Claim>> {
  const held = new Set<Claim>();
  // An archive that was cut short before an import replaced the output holds bytes of what is now a version.
  for (const { state, of } of [...snapshot.files.map((state) => ({ state, of: snapshot })), ...keptFiles(snapshot)]) {
    const checks = claims
      .filter((claim) => !held.has(claim) && (claim.name === undefined || claim.name === state.name))
      .map((claim) => ({ claim, check: prefixCheck(claim.index, claim.follows) }));
    try {
      await feed(checks, contentOf(ctx, of, state, op));
    } catch (error) {
      // A file that the session itself can't read proves nothing.
      if (!hasCode(error, "CORRUPT", "NOT_FOUND", "CONFLICT")) throw error;
      continue;
    }
    for (const { claim, check } of checks) if (check.holds() === true) held.add(claim);
  }
  return held;
}

/** How much there is to read of the session for a proof, or to verify it: its files and what is kept of earlier ones. */
export function bytesToRead(snapshot: Snapshot): number {
  const states = [...snapshot.files, ...keptFiles(snapshot).map(({ state }) => state)];
  return states.reduce((sum, state) => sum + fileSize(state), 0);
}

/** A version that the metadata describes wrongly proves nothing, and does not hinder other proofs. */
function keptFiles(snapshot: Snapshot): readonly { readonly state: FileState; readonly of: Snapshot }[] {
  return keptVersions(snapshot).flatMap(({ version }) => {
    try {
      const of = keptSnapshot(snapshot, version);
      return of.files.map((state) => ({ state, of }));
    } catch {
      return [];
    }
  });
}

/** Reads until every check is decided. */
async function feed(checks: readonly { readonly check: PrefixCheck }[], content: Bytes): Promise<void> {
  const isOpen = (): boolean => checks.some(({ check }) => check.holds() === undefined);
  if (!isOpen()) return;
  for await (const chunk of content) {
    for (const { check } of checks) check.add(chunk);
    if (!isOpen()) return;
  }
}
