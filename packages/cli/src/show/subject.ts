/** The session that is to be shown, and what is known of it. */
import { ArchiverError, OUTPUT, type SessionFiles, type SessionInfo } from "@session-archiver/core";
import { factsOf, type SessionFacts } from "@session-archiver/search";
import { describer, isAgentId, type TranscriptKind } from "@session-archiver/transcripts";
import type { CommandContext } from "../command.js";
import { selectedOne } from "../select/selected.js";
import type { ShowOptions } from "./options.js";
import type { Source } from "./source.js";

export interface Subject {
  readonly info: SessionInfo;
  readonly facts: SessionFacts;
  /** Its other files, such as subagents' transcripts and results of tools; sizes in raw bytes. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  /** Keys of its archive files. */
  readonly archives: ReadonlySet<string>;
  /** Ids of the sessions of its subagents. */
  readonly children: readonly string[];
  /** The file that is to be shown; `undefined`: its transcript. */
  readonly file: string | undefined;
}

/** `word`: `undefined` for the newest that fits. `NOT_FOUND` if there is no such session or file. */
export async function subjectOf(
  context: CommandContext,
  word: string | undefined,
  { agent, project, file }: ShowOptions,
): Promise<Subject> {
  const { archiver, signal } = context;
  const id = await selectedOne(context, word, { ...(agent && { agent }), ...(project && { project }) });
  const info = await archiver.info(id, { signal });
  const stored = await archiver.files(id, { signal });
  const files = sidecarsIn(stored);
  const children: string[] = [];
  for await (const child of archiver.list({ prefix: `${id}/`, from: "metadata", signal })) children.push(child.id);
  return {
    ...{ info, facts: factsOf(info), files, children: children.sort() },
    archives: new Set(stored.archive.map(({ key }) => key)),
    file: file === undefined || file === OUTPUT ? undefined : fileNamed(id, file, files),
  };
}

function sidecarsIn({ live, archive }: SessionFiles): Subject["files"] {
  const sizes = new Map(archive.map(({ name, rawBytes }) => [name, rawBytes]));
  // What is live of an archived file continues it.
  for (const { name, bytes } of live) sizes.set(name, (sizes.get(name) ?? 0) + bytes);
  sizes.delete(OUTPUT);
  return [...sizes].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The file of this name, or the only one whose name holds the word. */
function fileNamed(id: string, word: string, files: Subject["files"]): string {
  const names = files.map(({ name }) => name);
  if (names.includes(word)) return word;
  const found = names.filter((name) => name.includes(word));
  if (found.length === 1 && found[0] !== undefined) return found[0];
  const choice = (found.length > 0 ? found : names).slice(0, 10).map((name) => `"${name}"`);
  const hint = choice.length > 0 ? `It has ${choice.join(", ")}.` : "It has none besides its transcript.";
  const what = found.length > 1 ? "several files" : "no file";
  throw new ArchiverError("INVALID_ARGUMENT", `Session "${id}" has ${what} "${word}". ${hint}`, { id });
}

const MOST_LINES = 50;

/** What wrote the file's lines: as is known of the session, or as its first lines say. */
export async function kindOf({ facts }: Subject, source: Source): Promise<TranscriptKind> {
  if (isAgentId(facts.agent)) return facts.agent;
  const described = describer();
  for await (const { text } of source.lines(1, MOST_LINES)) described.add(text);
  return described.kind;
}
