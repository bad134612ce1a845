/** What must hold when all writers have stopped: later runs finish everything, and every line is there, once and in order. */
import type { ClaimRule } from "@session-archiver/agent-folders";
import { contextOf } from "./context.js";
import { HEAD, linesOf, textOf } from "./lines.js";
import { type ForeignActor, type ForeignPlan, wereTogether } from "./plan.js";
import { type OurStage, restore, sweep } from "./sweeper.js";
import { type ForeignWorld, ROOT } from "./world.js";

/** Nothing may be held any more after this many runs, each some days later. */
const RUNS = 6;
const HELD = "/.session-archiver-held/";

export async function checkEnd(world: ForeignWorld, plan: ForeignPlan, rule: ClaimRule): Promise<void> {
  const id = plan.actors.length;
  world.ours.add(id);
  world.acting = id;
  world.locks.clear();
  world.busy.clear();
  const stage = { id, world, rule, ctx: contextOf(world, { id, step: async () => {}, fault: () => undefined }) };
  const isDone = await runUntilDone(stage, plan.ending === "frees");
  world.ledger.check("At the end");
  if (!isDone && wereTogether(plan)) return;
  if (!isDone) throw new Error(`After ${RUNS} more runs these are still there: ${left(world).join(", ")}.`);
  for (const path of world.paths) checkFile(world, plan, path);
  await restore(stage);
  for (const path of world.paths) {
    const published = publishedAt(world, path);
    const archived = world.archive.current(path);
    if (plan.ending === "frees" && published !== "" && published !== archived) {
      throw new Error(`Restored was ${JSON.stringify(published)}, archived is ${JSON.stringify(archived)}.`);
    }
  }
}

async function runUntilDone(stage: OurStage, frees: boolean): Promise<boolean> {
  const { world } = stage;
  for (let run = 0; run < RUNS; run++) {
    world.pass(60);
    await sweep(stage, frees);
    // A run may have put bytes back that are not archived yet.
    await sweep(stage, false);
    // An empty file, of a program that died before it wrote, is left where it is.
    const isThere = world.paths.some((path) => publishedAt(world, path));
    if (!(frees && isThere) && !left(world).some((path) => path.includes(HELD))) return true;
  }
  return false;
}

function left(world: ForeignWorld): readonly string[] {
  return world.disk.named().flatMap(([path, inode]) => (inode.kind === "file" ? [path] : []));
}

function publishedAt(world: ForeignWorld, path: string): string | undefined {
  const inode = world.disk.find(`${ROOT}/${path}`);
  return inode && textOf(inode.bytes);
}

function checkFile(world: ForeignWorld, plan: ForeignPlan, path: string): void {
  const current = world.archive.current(path) ?? "";
  const published = publishedAt(world, path);
  const texts = [...world.archive.versions(path), ...(published === undefined ? [] : [published])];
  const there = new Set(texts.flatMap(linesOf));
  const lines = world.ledger.linesOf(path);
  const lost = lines.filter((line) => !there.has(line));
  if (lost.length > 0) throw new Error(`${JSON.stringify(lost)} is in no version: ${JSON.stringify(texts)}.`);
  const rewrites: readonly ForeignActor[] = ["W3", "W4"];
  const isRewritten = plan.actors.some(({ kind, file }) => rewrites.includes(kind) && world.paths[file] === path);
  if (isRewritten || wereTogether(plan)) return;
  for (const text of texts) checkOrder(text, world.late);
  const missing = lines.filter((line) => !current.includes(line));
  if (missing.length > 0) throw new Error(`${JSON.stringify(missing)} is not in the present version of ${path}.`);
  if (!current.startsWith(HEAD)) throw new Error(`${path} has lost its head: ${JSON.stringify(current)}.`);
}

/** Each line once, and those of each writer in order. */
function checkOrder(text: string, late: ReadonlySet<string>): void {
  const lines = linesOf(text);
  const inOrder = new Map<string, number>();
  const wrong = (): never => {
    throw new Error(`Doubled or out of order: ${JSON.stringify(text)}.`);
  };
  if (new Set(lines).size < lines.length) wrong();
  for (const line of lines) {
    const [, writer = "head", count = "0"] = /^(w\d+)\.(\d+)\n$/.exec(line) ?? [];
    if (late.has(line)) continue;
    if (Number(count) < (inOrder.get(writer) ?? 0)) wrong();
    inOrder.set(writer, Number(count));
  }
}
