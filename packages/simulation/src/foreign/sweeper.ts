/** Our own processes: runs that finish what is held aside, archive and claim; and restores. */
import type { ClaimContext, Claimed, ClaimRule, FileLook, HeldPart } from "@session-archiver/agent-folders";
import { codeOf, type ErrorCode, toBytes } from "@session-archiver/core";
import { crcOf, textOf } from "./lines.js";
import { type ForeignWorld, ROOT } from "./world.js";

export interface OurStage {
  /** The process. */
  readonly id: number;
  readonly world: ForeignWorld;
  readonly rule: ClaimRule;
  readonly ctx: ClaimContext;
}

const OP = {};

/** What a run may be answered by a disk that fails, or by files that change under it. */
const ANSWERS: readonly ErrorCode[] = ["UNAVAILABLE", "CONFLICT", "NOT_FOUND"];

/** One run: finishes what earlier ones have left, then archives each file, and takes the unit away if `claims`. */
export async function sweep(stage: OurStage, claims: boolean): Promise<void> {
  const { world, rule, ctx } = stage;
  const held = await partsByPath(stage);
  for (const [path, parts] of held) {
    if (world.locks.has(path)) continue;
    // Whether the file's writer is live was asked just now: a day never passes before the answer is used.
    world.busy.add(stage.id);
    await finish(stage, path, parts);
    world.busy.delete(stage.id);
  }
  const claimed: Claimed[] = [];
  for (const path of world.paths) {
    const one = await tolerate(() => mirror(stage, path));
    if (one) claimed.push(one);
  }
  if (!claims || claimed.length === 0 || claimed.some(({ path }) => world.locks.has(path))) return;
  for (const { path, size, crc32 } of claimed) world.archive.note(path, { size, crc32 });
  await tolerate(() => rule.claim(ctx, claimed, OP));
}

/** Parts that are another content of the file than what is in its place become versions, and can go then. */
async function finish(stage: OurStage, path: string, parts: readonly HeldPart[]): Promise<void> {
  const { world, rule, ctx } = stage;
  const result = await tolerate(() => rule.finish(ctx, parts, world.archive.noted(path), OP));
  if (result?.outcome !== "held") return;
  const there = await tolerate(() => readWhole(ctx, `${ROOT}/${path}`));
  for (const part of (there && (await partsByPath(stage)).get(path)) || []) {
    const text = await tolerate(() => readWhole(ctx, part.location));
    if (!text || there?.includes(text)) continue;
    world.archive.keep(path, text);
    await tolerate(() => rule.finish(ctx, [part], { size: text.length, crc32: crcOf(text) }, OP));
  }
}

/** Puts a session back: what is held, or else what is archived. */
export async function restore(stage: OurStage): Promise<void> {
  const { world, rule, ctx } = stage;
  const held = await partsByPath(stage);
  for (const [, parts] of held) await tolerate(() => rule.putBack(ctx, parts, OP));
  for (const path of world.paths) if (!held.has(path)) await tolerate(() => publish(stage, path));
}

async function publish({ world, ctx: { files, randomId } }: OurStage, path: string): Promise<void> {
  const text = world.archive.current(path);
  const full = `${ROOT}/${path}`;
  if (text === undefined || (await files.look(full))) return;
  const temp = `${ROOT}/${randomId()}`;
  const body = async function* (): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text, "latin1");
  };
  await files.write(temp, body(), { mode: 0o600 });
  await files.link(temp, full);
  await files.sync(full.slice(0, full.lastIndexOf("/")));
  await files.unlink(temp);
}

async function partsByPath({ world, rule, ctx }: OurStage): Promise<Map<string, HeldPart[]>> {
  const parts = await tolerate(() => Array.fromAsync(rule.heldParts(ctx.files, ROOT, OP)));
  const byPath = Map.groupBy(parts ?? [], ({ path }) => path);
  for (const path of byPath.keys())
    if (!world.paths.includes(path)) throw new Error(`Nothing was taken from "${path}".`);
  return byPath;
}

async function readWhole({ files }: ClaimContext, path: string): Promise<string | undefined> {
  const file = await files.open(path);
  if (!file) return undefined;
  try {
    return textOf(await toBytes(file.read()));
  } finally {
    await file.close();
  }
}

/** Archives the file as it is; `undefined` if there is none, if it changes meanwhile, or if it has several names. */
async function mirror({ world, ctx: { files } }: OurStage, path: string): Promise<Claimed | undefined> {
  const file = await files.open(`${ROOT}/${path}`);
  if (!file) return undefined;
  try {
    const look = await file.look();
    const text = textOf(await toBytes(file.read({ start: 0, end: look.size })));
    const after = await file.look();
    if (!isSame(look, after) || text.length !== look.size || text === "") return undefined;
    world.archive.mirror(path, text);
    return { root: ROOT, path, look, size: text.length, crc32: crcOf(text) };
  } finally {
    await file.close();
  }
}

function isSame(a: FileLook, b: FileLook): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && b.links === 1;
}

async function tolerate<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (!code || !ANSWERS.includes(code)) throw error;
    return undefined;
  }
}
