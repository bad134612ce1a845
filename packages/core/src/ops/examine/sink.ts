/** Looks at what lies in the sink beside what the sessions name. */
import type { Context } from "../../context.js";
import { hasCode } from "../../errors.js";
import { parseKey, QUARANTINE_PREFIX } from "../../format/keys.js";
import type { ArchiveInfo, OpOptions } from "../../ports.js";
import { recordsOf } from "../../run-records/log.js";
import { takeSnapshot } from "../../session/snapshot.js";
import { archivesOf, isOurs } from "../gc/explain.js";
import { gc } from "../gc/gc.js";
import { otherStores } from "../rebuild/choose-store.js";
import { type History, historyOf, isGone, NO_HISTORY } from "../rebuild/history.js";
import { lackedBy } from "../rebuild/merge.js";
import { countOf, type Finding, many } from "./finding.js";

/** `graceDays`: younger objects may belong to an archive that is being written. */
export async function* sinkFindings(ctx: Context, graceDays: number, op: OpOptions): AsyncGenerator<Finding> {
  const { keys, archiveBytesFreed, unknown } = await gc(ctx, { ...op, graceDays, dryRun: true });
  if (keys.length > 0) {
    const message = `What ${countOf(keys.length, "archive object")} (${archiveBytesFreed} bytes) ${keys.length === 1 ? "holds" : "hold"}, the sessions hold as well. gc deletes such objects.`;
    yield { kind: "superfluous", severity: "note", message, ids: [], remedy: "gc" };
  }
  if (unknown.count > 0) yield* unknownFindings(ctx, unknown.keys, unknown.count, op);
  yield* quarantineFindings(ctx, op);
}

/** `keys`: the first of those that nothing explains; `count`: how many there are in all. */
async function* unknownFindings(
  ctx: Context,
  keys: readonly string[],
  count: number,
  op: OpOptions,
): AsyncGenerator<Finding> {
  const store = (await ctx.notes.read(op))?.id;
  const history: History = store === undefined ? new Map() : historyOf(await recordsOf(ctx.archives, store, op));
  const bySession = new Map<string, string[]>();
  for (const key of keys) {
    const id = isOurs(key, store) ? parseKey(key)?.id : undefined;
    const past = (id === undefined ? undefined : history.get(id)) ?? NO_HISTORY;
    if (id === undefined || isGone(past, key) || past.replaced.has(key)) continue;
    bySession.set(id, [...(bySession.get(id) ?? []), key]);
  }
  const sessions = many();
  const lacking = many();
  for (const [id, own] of bySession) {
    const infos = await archivesOf(ctx, store, id, op);
    const hasOutput = own.some((key) => parseKey(key)?.kind === "output");
    const kind = hasOutput ? await whatIsUnknown(ctx, id, infos, history, op) : undefined;
    if (kind === "session") sessions.add(id);
    if (kind === "archive") lacking.add(id);
  }
  if (sessions.count > 0) {
    const message = `There are archives of ${countOf(sessions.count, "session")} that the catalogue does not know.`;
    yield { kind: "sessions-unknown", severity: "damage", message, ids: sessions.ids, remedy: "rebuild" };
  }
  if (lacking.count > 0) {
    const message = `There are archives of ${countOf(lacking.count, "session")} with bytes that the catalogue does not know of.`;
    yield { kind: "archives-unknown", severity: "warning", message, ids: lacking.ids, remedy: "rebuild" };
  }
  const others = await otherStores(ctx, store, op);
  if (others.length > 0) {
    const list = others.map(({ storeId, objects }) => `${storeId} (${countOf(objects, "object")})`).join(", ");
    const message = `There are archives of other stores here, which this catalogue knows nothing of: ${list}. Their own catalogues should. If one of those was lost, a rebuild with its store's id takes its sessions into this one.`;
    yield { kind: "other-stores", severity: "note", message, ids: [], remedy: null };
  }
  if (sessions.count + lacking.count > 0 || keys.every((key) => !isOurs(key, store))) return;
  const message = `Nothing explains ${countOf(count, "archive object")}: half-written, or left by what was given up. They are left alone; \`gc\` can delete them if asked to.`;
  yield { kind: "unexplained", severity: "note", message, ids: [], remedy: null };
}

async function whatIsUnknown(
  ctx: Context,
  id: string,
  infos: readonly ArchiveInfo[],
  history: History,
  op: OpOptions,
): Promise<"session" | "archive" | undefined> {
  try {
    const snapshot = await takeSnapshot(ctx, id, op);
    const material = { id, infos, history: history.get(id) ?? NO_HISTORY, quick: true };
    return (await lackedBy(ctx, snapshot, material, op)).length > 0 ? "archive" : undefined;
  } catch (error) {
    if (hasCode(error, "NOT_FOUND")) return "session";
    if (hasCode(error, "CORRUPT")) return undefined; // reported with the sessions
    throw error;
  }
}

async function* quarantineFindings(ctx: Context, op: OpOptions): AsyncGenerator<Finding> {
  let count = 0;
  let bytes = 0;
  for await (const { size } of ctx.archives.list(QUARANTINE_PREFIX, op)) {
    count++;
    bytes += size;
  }
  if (count === 0) return;
  const message = `${countOf(count, "damaged object")} (${bytes} bytes) ${count === 1 ? "is" : "are"} kept under "${QUARANTINE_PREFIX}" among the archives.`;
  yield { kind: "quarantine", severity: "note", message, ids: [], remedy: null };
}
