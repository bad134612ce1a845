/**
 * What is known of a session beside its bytes: which source it came from, facts that were extracted from it, and where the
 * members of its unit lay. Kept in the metadata while the session is in the catalogue, and in the manifest of its archive, so
 * that a new catalogue can be made from archives alone. All of it comes from outside: what has another shape is not lifted.
 */

import { isName } from "../adapter/validate.js";
import type { Json, Meta } from "../ports.js";
import { KEY, recordIn, stringAt, withKeys } from "../session/metadata.js";

/** Where a session was taken from. */
export interface Source {
  /** `<agent>:<native id>` for sessions of agent programs, such as `codex:0199…`: the same wherever the files lie. */
  readonly identity: string;
  readonly [key: string]: Json;
}

/** Facts about a session, such as its project and title. */
export interface Facts {
  /** What extracted them, and its version: a better one may do it again. */
  readonly by: string;
  readonly version: number;
  /** So many of the output's first bytes they were taken from; all, or nobody knows, if not given. */
  readonly bytes?: number;
  readonly values: Meta;
}

/** Of a file that belongs to a unit: a transcript's subagents and tool results are sidecars of one session. */
export interface Member {
  /** Relative to the unit's folder, with slashes. Untrusted: to be checked before anything is written there. */
  readonly path?: string | undefined;
  /** Permission bits. */
  readonly mode?: number | undefined;
  /** Unix ms. */
  readonly mtimeMs?: number | undefined;
}

/** What is lifted out of the metadata into a manifest, and the rest. */
export interface Origin {
  readonly source: Source | undefined;
  readonly facts: Facts | undefined;
  member(name: string): Member;
  readonly rest: Meta;
}

export function liftOrigin(meta: Meta): Origin {
  const source = sourceIn(meta[KEY.source]);
  const facts = factsIn(meta[KEY.facts]);
  const members = recordIn(meta[KEY.members]) ?? {};
  const rest = withKeys(meta, { ...(source && { [KEY.source]: null }), ...(facts && { [KEY.facts]: null }) });
  return { source, facts, member: (name) => memberIn(Object.hasOwn(members, name) ? members[name] : undefined), rest };
}

/** Where a session was taken from, by its metadata; `null` if that doesn't say. */
export function sourceOf(meta: Meta): Source | null {
  return sourceIn(meta[KEY.source]) ?? null;
}

export function sourceIn(value: unknown): Source | undefined {
  const source = recordIn(value);
  return source && isName(source["identity"]) ? (source as unknown as Source) : undefined;
}

export function factsIn(value: unknown): Facts | undefined {
  const facts = recordIn(value);
  const isShaped =
    facts && stringAt(facts, "by") && Number.isSafeInteger(facts["version"]) && recordIn(facts["values"]);
  return isShaped ? (facts as unknown as Facts) : undefined;
}

export function memberIn(value: unknown): Member {
  const { path, mode, mtimeMs } = recordIn(value) ?? {};
  return {
    ...(isName(path) ? { path } : {}),
    ...(Number.isInteger(mode) && (mode as number) >= 0 && (mode as number) <= 0o7777 ? { mode: mode as number } : {}),
    ...(Number.isFinite(mtimeMs) ? { mtimeMs: mtimeMs as number } : {}),
  };
}
