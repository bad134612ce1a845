/** Does what was planned: copies what is damaged, writes a new archive, commits it, and only then deletes. */
import { attempt, type Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import type { FileIndex } from "../../format/manifest.js";
import type { Bytes, OpOptions } from "../../ports.js";
import { type ArchivedFile, manifestKeyOf, partsOfFile } from "../../session/archived-file.js";
import { tryPut } from "../../session/commit.js";
import type { FileState } from "../../session/file-state.js";
import { OUTPUT } from "../../session/metadata.js";
import type { SalvageNote } from "../../session/salvage-notes.js";
import { busy, type Snapshot } from "../../session/snapshot.js";
import { asSalvaged, asVersionSalvaged, type SalvageCommit } from "../../session/transitions/salvaged.js";
import { commit } from "../archive/commit.js";
import { type NewArchive, writeArchive } from "../archive/new-archive.js";
import { recount } from "../recount.js";
import type { FilePlan, Plan } from "./plan.js";
import { copyToQuarantine, deleteCopied, type Quarantine } from "./quarantine.js";
import type { WholeLines } from "./whole-lines.js";

/** `present`: the session as it is; for an earlier output, the plan's own snapshot shows only that. */
export async function applyPlan(ctx: Context, plan: Plan, present: Snapshot, op: OpOptions): Promise<Quarantine> {
  const { id } = present.object;
  // Written first: if there is room for one of the two only, it is for this.
  const made = await write(ctx, plan, present, op);
  const quarantine = await copyToQuarantine(ctx, id, keysToMove(plan), op).catch(async (error: unknown) => {
    await attempt(ctx, id, () => made.remove());
    throw error;
  });
  const output = plan.files.find(({ file }) => file.name === OUTPUT);
  const isOutputShorter = output?.told.outcome === "salvaged";
  const change = { notes: notesOf(plan, quarantine, ctx.now()), isOutputShorter, stays: quarantine.stays };
  if (plan.version === null) {
    await commit(ctx, present, made, undefined, op, asSalvaged(change));
    if (isOutputShorter) await attempt(ctx, id, () => recount(ctx, id, op));
  } else await commitVersion(ctx, present, plan.version, made, change, op);
  await deleteCopied(ctx, id, quarantine);
  return quarantine;
}

/** The keys of the damaged objects. If bytes are lost, also that of the manifest, which says where they were. */
export function keysToMove({ snapshot, manifestReason, files }: Plan): readonly string[] {
  const { id, meta } = snapshot.object;
  const damaged = files.filter(({ saved }) => saved).flatMap(({ file }) => partsOfFile(file).map(({ key }) => key));
  const isLess = files.some(({ told }) => told.outcome === "salvaged");
  const manifest = manifestReason !== undefined || isLess ? manifestKeyOf(id, meta) : undefined;
  return [...damaged, ...(manifest === undefined ? [] : [manifest])];
}

async function write(ctx: Context, plan: Plan, present: Snapshot, op: OpOptions): Promise<NewArchive> {
  const mended = new Map<string, FileIndex>();
  const bodies = new Map<string, Bytes>();
  const changed: FileState[] = [];
  const states: FileState[] = [];
  const unknown: ArchivedFile[] = [];
  for (const { state, file, index, saved } of plan.files) {
    if (saved) {
      const rebuilt: FileState = { kind: "archived", name: file.name, file: asSaved(state, file, saved) };
      bodies.set(file.name, saved.bytes());
      changed.push(rebuilt);
      states.push(rebuilt);
    } else if (index) {
      mended.set(file.name, index);
      states.push(state);
    } else unknown.push(file); // lost, and no manifest says what it held
  }
  const made = await writeArchive(ctx, { object: present.object, files: states, mended, bodies }, changed, op);
  return { ...made, record: { ...made.record, files: [...made.record.files, ...unknown] } };
}

/** The file's record with the bytes that were saved. What is live still goes on from the same place in its blob. */
function asSaved(state: FileState, file: ArchivedFile, { rawBytes, crc32 }: WholeLines): ArchivedFile {
  const { parts: _, ...one } = file;
  const saved = { ...one, rawBytes, crc32 };
  const isTail = state.kind === "continuation" && state.from === 0;
  // Its generation may name the archive that it continues by size and CRC, and this one has others.
  return isTail ? { ...saved, generation: state.blob.generation, liveBytes: 0 } : saved;
}

function notesOf({ version, files }: Plan, { copied }: Quarantine, at: number): readonly SalvageNote[] {
  return files.flatMap(({ told: { name, outcome, lostLines, lostBytes, unproven, reason } }: FilePlan) =>
    outcome === "salvaged"
      ? [{ at, name, version, lostLines, lostBytes, unproven, reason: reason ?? "", quarantined: [...copied.values()] }]
      : [],
  );
}

async function commitVersion(
  ctx: Context,
  { object }: Snapshot,
  version: number,
  made: NewArchive,
  change: SalvageCommit,
  op: OpOptions,
): Promise<void> {
  const { id } = object;
  const meta = asVersionSalvaged(id, object.meta, version, made.record, change);
  try {
    if ((await tryPut(ctx, object, meta, op)) !== undefined) return;
    throw busy(id);
  } catch (error) {
    // Otherwise it may be committed all the same.
    if (!hasCode(error, "UNAVAILABLE")) await attempt(ctx, id, () => made.remove());
    throw error;
  }
}
