/** What `session-archiver` alone prints: the agents here, their sessions, and what a sweep would give back. */
import { nodeFiles, type Overview, overview, type PlaceOverview } from "@session-archiver/agent-folders";
import type { CommandContext } from "../command.js";
import { formatSize } from "../output/sizes.js";
import { formatTable } from "../output/table.js";
import { count, printable } from "../output/text.js";
import { formatTime } from "../output/times.js";
import { folderHost } from "./host.js";
import { cleanUpLines, notFreedLines } from "./place-text.js";
import { placesHere } from "./sources-option.js";

/** The document of the overview. Sizes in bytes, times in unix ms. */
export interface OverviewDocument {
  readonly sources: readonly (Omit<PlaceOverview, "place" | "notFreed" | "oldestMs" | "held"> & {
    readonly agent: string;
    readonly home: string;
    readonly oldestMs: number | null;
    readonly notFreed: string | null;
    readonly held: { readonly files: number; readonly diskBytes: number; readonly until: number | null };
  })[];
}

export async function showOverview(context: CommandContext): Promise<boolean> {
  const files = nodeFiles();
  const places = await placesHere(context.env, files, (message) => context.output.note(`note: ${message}`));
  const seen = await overview(folderHost(context, files), places, {}, { signal: context.signal });
  await context.output.result(documentOf(seen), () => textOf(seen, context.output.lineColumns));
  return seen.plan.failures.length === 0;
}

function documentOf({ places }: Overview): OverviewDocument {
  return {
    sources: places.map(({ place, oldestMs = null, notFreed = null, held, ...rest }) => ({
      ...{ agent: place.source.name, home: place.home, ...rest, oldestMs, notFreed },
      held: { ...held, until: held.until ?? null },
    })),
  };
}

const HINT = "Next: session-archiver sweep --source NAME --dry-run; all commands: session-archiver --help";

async function textOf({ places, plan }: Overview, room: number): Promise<string> {
  if (places.length === 0) {
    return "No agent that is known here has a folder on this machine.\nOther transcripts: session-archiver sweep --source DIR, or import; all commands: session-archiver --help";
  }
  const columns = [
    { title: "SOURCE" },
    { title: "SESSIONS", alignment: "right" },
    { title: "DISK", alignment: "right" },
    { title: "OLDEST", dispensable: 2 },
    { title: "WOULD FREE", alignment: "right" },
    { title: "MIRRORED", alignment: "right", dispensable: 1 },
    { title: "HELD", alignment: "right", dispensable: 4 },
    { title: "FREED", alignment: "right", dispensable: 3 },
    { title: "FOLDER", cut: "start" },
  ] as const;
  const rows = places.map((one) => [
    one.place.source.name,
    String(one.sessions),
    formatSize(one.diskBytes),
    formatTime(one.oldestMs ?? null).slice(0, 10),
    one.wouldFree.sessions === 0 ? "-" : `${formatSize(one.wouldFree.diskBytes)} of ${one.wouldFree.sessions}`,
    String(one.mirrored),
    one.held.files === 0 ? "-" : `${formatSize(one.held.diskBytes)} of ${count(one.held.files, "file")}`,
    one.freed.sessions === 0 ? "-" : `${formatSize(one.freed.diskBytes)} of ${one.freed.sessions}`,
    one.place.home,
  ]);
  const notes = plan.places.flatMap((place) => [...notFreedLines(place), ...cleanUpLines(place)]);
  return [
    await formatTable(columns, rows, room),
    ...places.flatMap(goneLine),
    ...heldLine(places),
    ...notes,
    HINT,
  ].join("\n");
}

/** Otherwise a folder without a session looks as if something had been lost. */
function goneLine({ place, sessions, held, freed }: PlaceOverview): readonly string[] {
  if (sessions > 0 || (held.files === 0 && freed.sessions === 0)) return [];
  const where = held.files === 0 ? "freed" : freed.sessions === 0 ? "held aside" : "held aside or freed";
  return [`All sessions of ${printable(place.home)} are archived, and their files are ${where}: session-archiver list`];
}

function heldLine(places: readonly PlaceOverview[]): readonly string[] {
  const times = places.flatMap(({ held }) => held.until ?? []);
  return times.length === 0 ? [] : [`Held aside until ${formatTime(Math.max(...times))}: a sweep after that frees it`];
}
