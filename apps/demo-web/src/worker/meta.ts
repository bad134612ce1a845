/** The app's own metadata keys, and a session's kind and title. */
import type { Json, Meta, SessionInfo } from "@session-archiver/core";
import { isAgentId, type TranscriptKind } from "@session-archiver/transcripts";
import type { SessionRow } from "./api.ts";

export const APP_KEY = {
  /** Given by a person, or by an earlier version of this app. */
  title: "title",
  kind: "demo:kind",
  /** Set while the session is created and its bytes may be missing. */
  creating: "demo:making",
  /** Set while output is written: the counts may lag behind. */
  writing: "demo:writing",
  /** Set by earlier versions when a deletion began: the rest of the session is to be deleted. */
  removing: "demo:removing",
} as const;

export type Named = Pick<SessionInfo, "id" | "meta" | "facts">;

const textIn = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

export function isMarked(meta: Meta, key: string): boolean {
  return meta[key] === true;
}

/** The metadata with some keys changed; `null` removes one. */
export function withKeys(meta: Meta, changes: Readonly<Record<string, Json>>): Meta {
  return Object.fromEntries(Object.entries({ ...meta, ...changes }).filter(([, value]) => value !== null));
}

export function kindOf({ meta, facts }: Named): TranscriptKind {
  const kinds = [facts?.values["agent"], meta[APP_KEY.kind]];
  return kinds.find((kind) => isAgentId(kind)) ?? "other";
}

/** Where and with what the agent worked, and whose session it is, as its lines say. */
export function originOf({ facts }: Named): Pick<SessionRow, "cwd" | "branch" | "models" | "agentSession" | "caller"> {
  const { cwd, branch, models, id, parent, isSubagent } = facts?.values ?? {};
  return {
    cwd: textIn(cwd) ?? null,
    branch: textIn(branch) ?? null,
    models: Array.isArray(models) ? models.filter((model) => typeof model === "string") : [],
    agentSession: textIn(id) ?? null,
    caller: isSubagent === true ? (textIn(parent) ?? null) : null,
  };
}

/** The last part of an id, which may be a path. */
export function baseName(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1) || id;
}

export function titleOf({ id, meta, facts }: Named): string {
  return textIn(meta[APP_KEY.title]) ?? textIn(facts?.values["title"]) ?? baseName(id);
}
