/** Finds out what is wrong with a session's archive, and what of it can be had. Changes nothing. */
import type { Context } from "../../context.js";
import type { FileIndex, Manifest } from "../../format/manifest.js";
import type { OpOptions } from "../../ports.js";
import { indexIn, readManifest } from "../../read/archive-index.js";
import { type ArchivedFile, archivedFiles, manifestBytesOf } from "../../session/archived-file.js";
import type { FileState } from "../../session/file-state.js";
import { OUTPUT } from "../../session/metadata.js";
import type { Snapshot } from "../../session/snapshot.js";
import { findObjects } from "./find-objects.js";
import { rowsIn } from "./known-rows.js";
import { type Look, lookAt, reasonOf, recover } from "./recover.js";
import type { FoundIn, SalvagedFile } from "./salvage-types.js";
import type { Found } from "./saved.js";
import { type WholeLines, wholeLines } from "./whole-lines.js";

export interface FilePlan {
  readonly state: FileState;
  readonly file: ArchivedFile;
  readonly told: SalvagedFile;
  /** The index of the archive as it is, as far as it is known. */
  readonly index: FileIndex | undefined;
  /** What is to be archived instead; `undefined` if the archive stays. */
  readonly saved: WholeLines | undefined;
}

export interface Plan {
  readonly snapshot: Snapshot;
  readonly version: number | null;
  /** Why the manifest can't be used; `undefined` if it can. */
  readonly manifestReason: string | undefined;
  readonly files: readonly FilePlan[];
}

/** `version`: that of an earlier output, which the snapshot shows as if the session held it. */
export async function planOf(ctx: Context, snapshot: Snapshot, version: number | null, op: OpOptions): Promise<Plan> {
  const { id, meta } = snapshot.object;
  const files = archivedFiles(id, meta);
  if (files.length === 0) return { snapshot, version, manifestReason: undefined, files: [] };
  const { manifest, reason: manifestReason } = await manifestOf(ctx, snapshot, op);
  const looked: { file: ArchivedFile; state: FileState; committed: FileIndex | undefined; look: Look }[] = [];
  for (const state of snapshot.files) {
    const file = "file" in state ? state.file : undefined;
    if (!file) continue;
    const committed = manifest && indexIn(manifest, id, file);
    looked.push({ file, state, committed, look: await lookAt(ctx, file, committed, op) });
  }
  const bad = looked.filter(({ look }) => !look.index).map(({ file }) => file);
  const objects =
    bad.length > 0 ? await findObjects(ctx, id, bad, manifest ? undefined : manifestBytesOf(id, meta), op) : undefined;
  const rows = objects ? await rowsIn(ctx, objects.manifests, op) : [];
  const plans: FilePlan[] = [];
  for (const { file, state, committed, look } of looked) {
    const { index = committed, reason = null } = look;
    const base = { file, state, index, saved: undefined };
    if (look.index || !objects) {
      plans.push({ ...base, told: toldOf(file, version, { reason: manifestReason ?? null }) });
      continue;
    }
    const damaged = { snapshot, state, file, index: committed, isPresent: version === null };
    const found = await recover(ctx, damaged, objects, rows, op);
    const saved = await wholeLines(found);
    const from = placesOf(found);
    const isAll = saved.rawBytes === file.rawBytes && saved.crc32 === file.crc32;
    if (saved.rawBytes === 0 && !isAll) {
      const isExact = found.totalLines !== undefined && found.isExact;
      const lostLines = [[0, found.totalLines ?? file.lines]] as const;
      const all = { reason, outcome: "lost", lostLines, isExact, lostBytes: file.rawBytes } as const;
      plans.push({ ...base, told: toldOf(file, version, all) });
      continue;
    }
    const { lostLines, isExact, unproven } = saved;
    const less = { lostLines, isExact, unproven, lostBytes: Math.max(0, file.rawBytes - saved.rawBytes) };
    const told = toldOf(file, version, {
      reason,
      from,
      ...(isAll ? { outcome: "mended" } : { outcome: "salvaged", ...less }),
    });
    plans.push({ ...base, saved, told });
  }
  return { snapshot, version, manifestReason, files: plans };
}

function toldOf(file: ArchivedFile, version: number | null, more: Partial<SalvagedFile>): SalvagedFile {
  const outcome = more.reason == null ? "whole" : "manifest";
  const nothing = { lostLines: [], lostBytes: 0, isExact: true, unproven: false };
  return { name: file.name, version, outcome, from: [], reason: null, ...nothing, ...more };
}

function placesOf({ runs }: Found): readonly FoundIn[] {
  return [...new Set(runs.flatMap(({ pieces }) => pieces.flatMap(({ from }) => from ?? [])))];
}

/** The committed manifest if it agrees with the metadata about every file. */
async function manifestOf(
  ctx: Context,
  { object: { id, meta } }: Snapshot,
  op: OpOptions,
): Promise<{ readonly manifest?: Manifest; readonly reason?: string }> {
  try {
    const manifest = await readManifest(ctx, id, meta, op);
    for (const file of archivedFiles(id, meta)) indexIn(manifest, id, file);
    return { manifest };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** Whether the session can be committed as planned: never without any of its output. */
export function isHopeless({ files }: Plan): boolean {
  return files.some(({ file, told }) => file.name === OUTPUT && told.outcome === "lost");
}
