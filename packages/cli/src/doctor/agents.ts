/** What doctor finds in agents' folders: files that a sweep has taken aside, and threads that newer releases refuse. */
import {
  claimRule,
  type FolderHost,
  type HeldStep,
  hasMixedOrdinals,
  heldSteps,
  nodeFiles,
  type Place,
  readCatalogue,
} from "@session-archiver/agent-folders";
import { type Archiver, hasCode } from "@session-archiver/core";
import type { AloneContext } from "../command.js";
import { folderHost } from "../folders/host.js";
import { placesHere } from "../folders/sources-option.js";
import { formatSize } from "../output/sizes.js";
import { count } from "../output/text.js";
import { formatTime } from "../output/times.js";
import type { Finding } from "./finding.js";
import { named, sessionsOf } from "./looker.js";

export interface AgentsOptions {
  /** Opens no transcript. */
  readonly quick?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** With the catalogue: what is held is compared with its sessions, and what none of them knows can be put back. */
export async function agentFindings(
  { io }: AloneContext,
  archiver: Archiver,
  { quick, signal }: AgentsOptions,
): Promise<readonly Finding[]> {
  const files = nodeFiles();
  const host = folderHost({ archiver, env: io.env, now: io.now ?? Date.now }, files);
  const catalogue = await readCatalogue(archiver, { signal });
  const findings: Finding[] = [];
  const here = await placesHere(io.env, files, (message) => findings.push(unreachable(message)));
  const places = new Map(here.map((place) => [keyOf(place.source.name, place.home), place]));
  for (const { originals } of catalogue.sessions) {
    if (!originals || originals.rebuilt || places.has(keyOf(originals.source, originals.home))) continue;
    const place = await host.placeOf(originals.source, originals.home).catch(unlessAborted);
    if (place) places.set(keyOf(originals.source, originals.home), place);
  }
  for (const place of places.values()) {
    const held = await heldSteps(host, catalogue, place, { signal });
    findings.push(...heldFindings(place, held, io.env), ...ownerless(host, place, held));
    if (!quick) findings.push(...(await mixedFindings(host, place, catalogue.known(place), signal)));
  }
  return findings;
}

/** Without a catalogue: what is held is found by its names alone. */
export async function findingsByName(
  { io }: AloneContext,
  { quick, signal }: AgentsOptions,
): Promise<readonly Finding[]> {
  const files = nodeFiles();
  const nothing = await readCatalogue({ async *list() {} }, { signal });
  const findings: Finding[] = [];
  const here = await placesHere(io.env, files, (message) => findings.push(unreachable(message)));
  for (const place of here) {
    const held = await heldSteps({ rule: claimRule, files }, nothing, place, { signal });
    const words =
      "mend the catalogue first; session-archiver doctor then says which of them are archived, and puts the others back";
    for (const { repair: _, ...found } of unknownFindings(place, held)) findings.push({ ...found, remedy: words });
    if (!quick) findings.push(...(await mixedFindings({ files }, place, nothing.known(place), signal)));
  }
  return findings;
}

function unreachable(message: string): Finding {
  return { kind: "agents-folder-unreachable", severity: "warning", message, sessions: [], remedy: null };
}

function keyOf(source: string, home: string): string {
  return `${source}\0${home}`;
}

/** A folder that is gone, or can't be read, holds nothing that could be looked at. */
function unlessAborted(error: unknown): undefined {
  if (hasCode(error, "ABORTED")) throw error;
}

function heldFindings(
  { source, home }: Place,
  held: readonly HeldStep[],
  env: AloneContext["io"]["env"],
): readonly Finding[] {
  const known = held.filter(({ sessionId }) => sessionId !== undefined);
  if (known.length === 0) return [];
  const bytes = known.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
  const due = Math.max(...known.map(({ dueAt }) => dueAt));
  const name = source.home(env) === home ? source.name : home;
  const ids = new Set(known.flatMap(({ sessionId }) => sessionId ?? []));
  const [are, them] = known.length === 1 ? ["is", "it"] : ["are", "them"];
  return [
    {
      kind: "held-aside",
      severity: "note",
      message: `${count(known.length, "file")} of ${source.label} (${formatSize(bytes)}) ${are} held aside in "${home}", until a sweep after ${formatTime(due)} finds ${them} unchanged: of ${named([...ids].sort())}.`,
      sessions: sessionsOf(ids),
      remedy: `session-archiver sweep --source ${name}; or, to have them back, session-archiver restore ID`,
    },
  ];
}

/** Their names say where they lay: that is all that is needed to put them back. */
function unknownFindings({ source, home }: Place, held: readonly HeldStep[]): readonly Finding[] {
  const unknown = held.filter(({ sessionId }) => sessionId === undefined);
  if (unknown.length === 0) return [];
  const [file, it, its] =
    unknown.length === 1 ? ["that file", "it", "its place"] : ["those files", "them", "their places"];
  const paths = unknown.map(({ root, path }) => [home, root, path].filter((part) => part !== "").join("/"));
  return [
    {
      kind: "held-unknown",
      severity: "warning",
      message: `A sweep has taken ${named(paths)} of ${source.label} aside, and no session that can be read has ${file}.`,
      sessions: [],
      remedy: `session-archiver doctor --repair puts ${it} back in ${its}, and writes nothing over another file`,
    },
  ];
}

function ownerless(host: FolderHost, place: Place, held: readonly HeldStep[]): readonly Finding[] {
  const { rule, files, check } = host;
  const unknown = held.filter(({ sessionId }) => sessionId === undefined);
  const isFragment = place.source.isFragment?.bind(place.source);
  const common = { files, check, now: () => host.now(), randomId: () => host.randomId() };
  const ctx = { ...common, ...(isFragment && { isFragment }) };
  const run = async (): Promise<string> => {
    const results = [];
    for (const { parts } of unknown) results.push(await rule.putBack(ctx, parts, {}));
    const back = results.filter(({ outcome }) => outcome === "back").length;
    const why = results.find(({ outcome }) => outcome !== "back")?.reason;
    return `put ${count(back, "file")} back${why === undefined ? "" : `; ${unknown.length - back} not: ${why}`}`;
  };
  const plan = `put ${count(unknown.length, "file")} of ${place.source.label} back in place`;
  return unknownFindings(place, held).map((finding) => ({ ...finding, repair: { plan, run } }));
}

async function mixedFindings(
  { files }: Pick<FolderHost, "files">,
  place: Place,
  known: ReturnType<Awaited<ReturnType<typeof readCatalogue>>["known"]>,
  signal: AbortSignal | undefined,
): Promise<readonly Finding[]> {
  if (place.source.name !== "codex") return [];
  const { units } = await place.source.scan(place, files, { known, signal });
  const ids: string[] = [];
  for (const { id, members } of units) {
    for (const { root, path } of members) {
      const folder = place.roots.find(({ name }) => name === root)?.path ?? place.home;
      // A file that is no rollout, or is being rewritten, is not what this looks for.
      const isMixed = await hasMixedOrdinals(files, `${folder}/${path}`, { signal }).catch(unlessAborted);
      if (isMixed) ids.push(id);
    }
  }
  if (ids.length === 0) return [];
  return [
    {
      kind: "mixed-ordinals",
      severity: "note",
      message: `${count(ids.length, "thread")} of Codex can't be resumed by releases from 0.145 on: an older release has gone on with what a newer one wrote. All bytes are there.`,
      sessions: sessionsOf(ids),
      remedy: "session-archiver mend ID makes a copy of one that newer releases resume; the original stays",
    },
  ];
}
