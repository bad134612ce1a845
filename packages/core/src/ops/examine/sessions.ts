/** Looks at each session: whether all its bytes can be read, and what can be done if not. */
import type { Context } from "../../context.js";
import { ArchiverError, hasCode } from "../../errors.js";
import type { OpOptions, StoredObject } from "../../ports.js";
import { archivedFiles, partsOfFile } from "../../session/archived-file.js";
import { KEY, positiveAt } from "../../session/metadata.js";
import { isPruned, isRemoving } from "../../session/state.js";
import { UNDER_WAY, type Weighed } from "../concurrency.js";
import { bytesToRead } from "../gc/proof.js";
import { inTurn, type Jobs } from "../in-turn.js";
import { salvage } from "../salvage/salvage.js";
import type { SalvagedFile, SalvageResult } from "../salvage/salvage-types.js";
import { lookAt, verifySeen } from "../verify/verify.js";
import { countOf, type Finding, many } from "./finding.js";

/** Sessions whose findings are collected before they are reported: many times what is under way at once. */
const TOGETHER = 512;

/** `quick`: looks whether the archives are there in their committed sizes, without reading them. */
export async function* sessionFindings(ctx: Context, quick: boolean, op: OpOptions): AsyncGenerator<Finding> {
  const unfinished = many();
  const liveLost = many();
  let together: StoredObject[] = [];
  for await (const object of ctx.objects.list(undefined, op)) {
    const { id, meta } = object;
    if (positiveAt(meta, KEY.settlingAt) !== undefined || isRemoving(meta)) unfinished.add(id);
    if (isRemoving(meta)) continue;
    if (positiveAt(meta, KEY.liveLostAt) !== undefined) liveLost.add(id);
    if (together.push(object) < TOGETHER) continue;
    yield* await findingsOf(ctx, together, quick, op);
    together = [];
  }
  yield* await findingsOf(ctx, together, quick, op);
  if (unfinished.count > 0) {
    const message = `${countOf(unfinished.count, "session")} went through something that was cut short, or is under way. Nothing is lost by it, and the next sweep finishes it.`;
    yield { kind: "unfinished", severity: "note", message, ids: unfinished.ids, remedy: "settle" };
  }
  if (liveLost.count > 0) {
    const message = `${countOf(liveLost.count, "session")} had live output in a catalogue that was lost, and only what was archived is here. If an agent has newer output, import it again.`;
    yield { kind: "live-lost", severity: "note", message, ids: liveLost.ids, remedy: null };
  }
}

/** In the order of the sessions, of which many are looked at at once: most of the time is spent waiting for the stores. */
async function findingsOf(
  ctx: Context,
  objects: readonly StoredObject[],
  quick: boolean,
  op: OpOptions,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const jobs: Jobs<StoredObject, Finding | undefined> = {
    idOf: ({ id }) => id,
    work: (one, object, weighed) => sessionFinding(one, object, quick, weighed, op),
    failed(_, __, error) {
      throw error;
    },
    done(_, finding) {
      if (finding) findings.push(finding);
    },
  };
  await inTurn(ctx, objects, jobs, op);
  return findings;
}

async function sessionFinding(
  ctx: Context,
  object: StoredObject,
  quick: boolean,
  weighed: Weighed,
  op: OpOptions,
): Promise<Finding | undefined> {
  const { id } = object;
  try {
    if (quick) await requireFiles(ctx, object, op);
    else {
      const seen = await lookAt(ctx, id, op);
      await weighed(bytesToRead(seen.snapshot), () => verifySeen(ctx, seen, op));
    }
    return undefined;
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return undefined; // removed meanwhile
    if (!hasCode(error, "CORRUPT")) throw error;
    // Alone: what there is to read of a damaged session is not known.
    return weighed(UNDER_WAY.weight, () => damageOf(ctx, id, error, op));
  }
}

/** `CORRUPT` if an archive is not there in its committed size. */
async function requireFiles(ctx: Context, { id, meta }: StoredObject, op: OpOptions): Promise<void> {
  for (const { key, archiveBytes } of archivedFiles(id, meta).flatMap(partsOfFile)) {
    const size = (await ctx.archives.stat(key, op))?.size;
    if (size === archiveBytes) continue;
    const what = size === undefined ? "is missing" : `has ${size} bytes, not ${archiveBytes}`;
    throw new ArchiverError("CORRUPT", `Session "${id}" is damaged: its archive "${key}" ${what}.`, { id, key });
  }
}

async function damageOf(ctx: Context, id: string, error: unknown, op: OpOptions): Promise<Finding | undefined> {
  const object = await ctx.objects.get(id, op);
  if (!object) return undefined;
  const finding = (
    kind: Finding["kind"],
    severity: Finding["severity"],
    message: string,
    remedy: Finding["remedy"],
  ) => {
    return { kind, severity, message, ids: [id], remedy } as const;
  };
  let missing = 0;
  let all = 0;
  try {
    for (const { key } of archivedFiles(id, object.meta).flatMap(partsOfFile)) {
      all++;
      if ((await ctx.archives.stat(key, op)) === undefined) missing++;
    }
  } catch (damage) {
    if (!hasCode(damage, "CORRUPT")) throw damage;
    return finding("object-damaged", "damage", textOf(damage), "rebuild");
  }
  if (all > 0 && missing === all && isPruned(object.meta)) {
    const message = `Session "${id}" has a tombstone that says it can be taken back, but its archive is gone already.`;
    return finding("tombstone-dangling", "warning", message, "salvage");
  }
  const foreseen = await salvage(ctx, id, { ...op, dryRun: true });
  const { outcome } = foreseen;
  const said = textOf(error);
  if (outcome === "whole") return all === 0 ? finding("live-damaged", "damage", said, null) : undefined;
  if (outcome === "manifest") {
    const told = `The manifest of session "${id}" is missing or damaged. The archive itself is whole.`;
    return finding("manifest-damaged", "warning", told, "salvage");
  }
  const kind = missing > 0 ? "archive-missing" : "archive-damaged";
  return finding(kind, "damage", `${said} ${prospectOf(foreseen)}`, outcome === "lost" ? null : "salvage");
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What a salvage would bring back. */
function prospectOf({ outcome, files }: SalvageResult): string {
  if (outcome === "mended") return "All of it can be brought back.";
  if (outcome === "lost")
    return "Nothing of it can be brought back here: if there is a copy of the archive, put it back.";
  const lost = files.filter((file) => file.outcome === "salvaged" || file.outcome === "lost").map(lostText);
  return `What is whole can be brought back; lost would be ${lost.join("; ")}.`;
}

/** Lines as people count them: from 1, both ends included. */
function lostText({ name, lostLines, isExact }: SalvagedFile): string {
  const ranges = lostLines.map(([from, to]) => (to === from + 1 ? `${from + 1}` : `${from + 1} to ${to ?? "its end"}`));
  return `${isExact ? "" : "about "}lines ${ranges.join(", ")} of "${name}"`;
}
