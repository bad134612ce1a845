/** How Claude Code names things below `projects/`. */

/** Name of the root, and of the agent in ids. */
export const PROJECTS = "projects";
export const AGENT = "claude-code";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const TRANSCRIPT = /\.jsonl$/;

/** Whether it is an id of a session, as they are in names of files and in `--resume <id>`. */
export const isUuid = (text: string): boolean => UUID.test(text);

/** The name of a transcript without its ending; `undefined` if no transcript has such a name. */
export const stemOf = (name: string): string | undefined =>
  TRANSCRIPT.test(name) ? name.replace(TRANSCRIPT, "") : undefined;

/** A subagent's transcript from the time when it lay beside its session. */
export const isOldSubagent = (name: string): boolean => /^agent-.*\.jsonl$/s.test(name);

export interface Parts {
  /** The project's folder. */
  readonly slug: string;
  /** The file or folder in it. */
  readonly name: string;
  /** What follows, if it lies in a folder of the project. */
  readonly inside: string | undefined;
}

/** Of a path relative to the root; `undefined` for what lies in no project. */
export function partsOf(path: string): Parts | undefined {
  const [slug, name, ...inside] = path.split("/");
  if (slug === undefined || name === undefined) return undefined;
  return { slug, name, inside: inside.length > 0 ? inside.join("/") : undefined };
}

/** A transcript or old subagent in a project's folder, or any file in a session's own folder there. */
export function isPlaceOfSession(path: string): boolean {
  const parts = partsOf(path);
  if (!parts) return false;
  return parts.inside === undefined ? stemOf(parts.name) !== undefined : isUuid(parts.name);
}
