/** Prints everything known of a session, line by line. */
import type { SalvageNote, SinkFile } from "@session-archiver/core";
import { parseKey } from "@session-archiver/core/format";
import type { SessionDetails } from "../documents.js";
import { stateWord } from "../select/states.js";
import { saidText, tokensText } from "./facts-text.js";
import { lostText } from "./lost-lines.js";
import { formatSize } from "./sizes.js";
import { count, jsonText, printable } from "./text.js";
import { formatTime } from "./times.js";

/** The metadata keys that the lines before have shown already. */
const TOLD: readonly string[] = ["session:archive_files", "session:facts", "session:salvaged"];

type Line = readonly [label: string, text: string];

export function detailsText(details: SessionDetails): string {
  const lines = [...identity(details), ...summary(details), ...storage(details), ...metadata(details)];
  const width = Math.max(...lines.map(([label]) => label.length));
  return lines.map(([label, text]) => `${label.padEnd(width)}  ${printable(text)}`.trimEnd()).join("\n");
}

/** What it was about, as far as that is known. */
function identity(details: SessionDetails): readonly Line[] {
  const { title, agent, project, cwd, branch, models, messages, tokens, parentId } = details;
  const known: readonly (readonly [label: string, text: string | null])[] = [
    ["Title", title],
    ["Agent", agent],
    ["Project", project === cwd || cwd === null ? project : `${project}, in ${cwd}`],
    ["Branch", branch],
    ["Models", models.join(", ")],
    ["Messages", messages && saidText(messages)],
    ["Tokens", tokensText(tokens)],
    ["Belongs to", parentId],
  ];
  return [["Session", details.id], ...known.flatMap(([label, text]): Line[] => (text ? [[label, text]] : []))];
}

function summary(details: SessionDetails): readonly Line[] {
  const time = (label: string, ms: number | null, more = ""): readonly Line[] =>
    ms === null ? [] : [[label, formatTime(ms) + more]];
  const { prunedAt, pruneReason, lostBytes } = details;
  return [
    ["State", details.pinned ? `${stateWord(details)}, pinned` : stateWord(details)],
    ["Lines", String(details.lineCount)],
    ["Raw", formatSize(details.rawBytes)],
    ["Total", formatSize(details.totalBytes)],
    ...time("Started", details.startedAt),
    ["Last activity", formatTime(details.lastActivityMs)],
    ...time("Archived", details.archivedAt),
    ...time("Known whole", details.knownWholeAt, " or later"),
    ...time("Resumed", details.resumedAt),
    ...time("Tombstone", prunedAt, pruneReason === null ? "" : `, ${pruneReason}`),
    ...time("Forgotten", details.forgottenAt),
    ...time("Given up", details.purgedAt, ", for good"),
    ...(lostBytes === null ? [] : [["Lost", `${formatSize(lostBytes)} of earlier output`] as const]),
  ];
}

function storage({
  live,
  archive,
  manifest,
  kept,
  versions,
  salvaged,
  liveBytes,
  archiveBytes,
}: SessionDetails): readonly Line[] {
  const file = ({ key, bytes }: SinkFile): string => `${bytes === null ? "missing" : formatSize(bytes)}  ${key}`;
  return [
    ["Live", formatSize(liveBytes)],
    ...live.map(({ name, bytes }): Line => ["", `${formatSize(bytes)}  ${name}`]),
    ["Archive", formatSize(archiveBytes)],
    ...archive.flatMap(({ name, rawBytes, lineCount, key, bytes, parts = [{ key, bytes }] }): readonly Line[] => {
      const what = parts.length > 1 ? `${name} in ${count(parts.length, "part")}` : name;
      const said = `  (${what}: ${formatSize(rawBytes)}, ${count(lineCount, "line")})`;
      return parts.map((part, n) => ["", file(part) + (n === 0 ? said : "")]);
    }),
    ...(manifest ? [["Manifest", isInline(manifest) ? inHeader(manifest) : file(manifest)] as const] : []),
    ...kept.map((one): Line => ["Kept", file(one)]),
    ...versions.map(({ version, replacedAt, rawBytes, lineCount }): Line => {
      return [
        `Version ${version}`,
        `${formatSize(rawBytes)}, ${count(lineCount, "line")}, replaced ${formatTime(replacedAt)}`,
      ];
    }),
    ...salvaged.flatMap(salvageLines),
  ];
}

function isInline({ key }: SinkFile): boolean {
  return parseKey(key)?.manifestBytes !== undefined;
}

/** No file has the key of such a manifest. */
function inHeader({ bytes }: SinkFile): string {
  return `${bytes === null ? "missing" : formatSize(bytes)}  in the archive's header`;
}

function salvageLines(note: SalvageNote): readonly Line[] {
  const of = `${note.name}${note.version === null ? "" : ` of version ${note.version}`}`;
  const unproven = note.unproven ? "; the others could not be compared with checksums" : "";
  return [
    ["Salvaged", `${formatTime(note.at)}, ${of}: lost ${lostText(note)}${unproven}`],
    ...note.quarantined.map((key): Line => ["", `damaged  ${key}`]),
  ];
}

function metadata({ meta }: SessionDetails): readonly Line[] {
  const entries = Object.entries(meta).filter(([key]) => !TOLD.includes(key));
  return entries.map(([key, value], n) => [n === 0 ? "Metadata" : "", `${key}: ${jsonText(value)}`]);
}
