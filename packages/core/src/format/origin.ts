/**
 * What is known of a session beside its bytes: its source, facts that were extracted from it, and where the members of
 * its unit lay. Kept in the metadata while the session is in the catalogue, and in the manifest of its archive, so that
 * a new catalogue can be made from archives alone. All of it comes from outside: values of another shape are left out.
 */

import { isName } from "../adapter/validate.js";
import type { Json, Meta } from "../ports.js";
import { KEY, recordIn, stringAt, withKeys } from "../session/metadata.js";

/** Where a session was imported from. */
export interface Source {
  /** `<agent>:<native id>` for sessions of agent programs, such as `codex:0199…`: the same wherever the files lie. */
  readonly identity: string;
  readonly [key: string]: Json;
}

/** Facts about a session, such as its project and title. */
export interface Facts {
  /** Name and version of the extractor: another version may extract them again. */
  readonly by: string;
  readonly version: number;
  /** How many of the output's first bytes they describe; all of them, or unknown, if absent. */
  readonly bytes?: number;
  readonly values: Meta;
}

/** One file of a unit: a transcript's subagents and tool results are sidecars of one session. */
export interface Member {
  /** Relative to the unit's folder, with slashes. Untrusted: check it before writing anything there. */
  readonly path?: string | undefined;
  /** Permission bits. */
  readonly mode?: number | undefined;
  /** Unix ms. */
  readonly mtimeMs?: number | undefined;
}

/** What moves from the metadata into fields of a manifest, and the remaining metadata. */
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

/** The session's source from its metadata; `null` if there is none. */
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
