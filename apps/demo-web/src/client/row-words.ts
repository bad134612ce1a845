/** What tells apart sessions of the same title: project, agent and model, in words. */
import { agentName, type TranscriptKind } from "@session-archiver/transcripts";
import type { SessionRow } from "../worker/api.ts";

export const agentWords = (kind: TranscriptKind): string => (kind === "other" ? "JSON lines" : agentName(kind));

/** The name of the folder the agent worked in. */
export function projectName({ cwd }: Pick<SessionRow, "cwd">): string | undefined {
  return cwd?.split(/[\\/]/).findLast((part) => part !== "");
}

/** "claude-opus-4-1 +1": the first model without its date, and how many others there are. */
export function modelWords({ models }: Pick<SessionRow, "models">): string | undefined {
  const [first, ...others] = new Set(models.map((model) => model.replace(/-20\d{6}$/, "")));
  return first === undefined || others.length === 0 ? first : `${first} +${others.length}`;
}

/** All three, as far as they are known. */
export function originWords(row: SessionRow): readonly string[] {
  return [projectName(row), agentWords(row.kind), modelWords(row)].filter((part) => part !== undefined);
}
