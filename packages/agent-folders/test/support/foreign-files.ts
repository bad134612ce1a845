/** The claim rule as the conformance suite wants it: on any `Files`, with an archive on a memory store. */
import type { ForeignFiles, ForeignStep, ForeignWriter, TakeOutcome } from "@session-archiver/conformance";
import { bytesOf, toBytes } from "@session-archiver/core";
import {
  type ClaimContext,
  type Claimed,
  type ClaimRule,
  claimRule,
  type FileLook,
  type Files,
  type HeldPart,
} from "../../src/index.js";
import { createForeignArchive, extentOf, type ForeignArchive } from "./foreign-archive.js";
import { stepped } from "./stepped.js";

export interface ForeignDisk {
  readonly root: string;
  readonly files: Files;
  readonly writer: ForeignWriter;
  /** Whether a program has the file open, if that can be seen. */
  isOpen(look: FileLook): boolean;
}

/** What the suite's mutants replace. */
export interface ForeignParts {
  readonly rule: ClaimRule;
  readonly archive: ForeignArchive;
}

const START: number = Date.UTC(2026, 0, 31);
const HOUR_MS = 3_600_000;
const HEAD_MODE = 0o600;
const OP = {};

export function foreignFilesOn(disk: ForeignDisk, parts: Partial<ForeignParts> = {}): ForeignFiles {
  const { rule = claimRule, archive = createForeignArchive() } = parts;
  const { root, files, writer } = disk;
  /** What was looked at when it was archived, and what a claim took. */
  const archivedAs = new Map<string, Claimed>();
  let now = START;
  let ids = 0;
  let shows = false;
  const context = (step: ForeignStep = async () => {}): ClaimContext => ({
    files: stepped(files, { before: step }).files,
    check: {
      async writers(look) {
        await step();
        if (!shows) return "unknown";
        return disk.isOpen(look) ? "somebody" : "nobody";
      },
    },
    now: () => now++,
    randomId: () => (++ids).toString(16).padStart(16, "0"),
  });
  const heldParts = (from: Files): Promise<readonly HeldPart[]> => Array.fromAsync(rule.heldParts(from, root, OP));
  const bytesAt = (path: string): Promise<Uint8Array | undefined> => readWhole(files, path);

  async function finish(ctx: ClaimContext, path: string, held: readonly HeldPart[]): Promise<void> {
    const { outcome } = await rule.finish(ctx, held, archivedAs.get(path), OP);
    const there = outcome === "held" ? await readWhole(ctx.files, `${root}/${path}`) : undefined;
    if (!there) return;
    // What is another content of the file than the one in its place becomes a version, and can go then.
    for (const part of await heldParts(ctx.files)) {
      const bytes = part.path === path ? await readWhole(ctx.files, part.location) : undefined;
      if (!bytes || Buffer.from(there).includes(bytes)) continue;
      await archive.keep(path, bytes, there);
      await rule.finish(ctx, [part], extentOf(bytes), OP);
    }
  }

  return {
    writer,
    archived: (path) => archive.versions(path),
    async archive(path) {
      const file = await files.open(`${root}/${path}`);
      if (!file) throw new Error(`There is no "${path}" to archive.`);
      try {
        const look = await file.look();
        const bytes = await toBytes(file.read());
        await archive.take(path, bytes);
        archivedAs.set(path, { root, path, look, ...extentOf(bytes) });
      } finally {
        await file.close();
      }
    },
    async take(paths, step): Promise<TakeOutcome> {
      const claimed: Claimed[] = [];
      for (const path of paths) {
        const known = archivedAs.get(path);
        if (!known) return "conflict";
        claimed.push(known);
      }
      return (await rule.claim(context(step), claimed, OP)).outcome;
    },
    async laterRun(hours, step) {
      now += hours * HOUR_MS;
      const ctx = context(step);
      const byPath = Map.groupBy(await heldParts(ctx.files), ({ path }) => path);
      for (const [path, held] of byPath) await finish(ctx, path, held);
    },
    async restore(path, step) {
      const ctx = context(step);
      const held = (await heldParts(ctx.files)).filter((part) => part.path === path);
      if (held.length > 0) return void (await rule.putBack(ctx, held, OP));
      const bytes = (await archive.versions(path)).at(-1);
      const full = `${root}/${path}`;
      if (!bytes || (await ctx.files.look(full))) return;
      const temp = `${root}/restoring-${ctx.randomId()}`;
      await ctx.files.makeFolder(full.slice(0, full.lastIndexOf("/")), 0o755);
      await ctx.files.write(temp, bytesOf(bytes), { mode: HEAD_MODE });
      await ctx.files.link(temp, full);
      await ctx.files.sync(full.slice(0, full.lastIndexOf("/")));
      await ctx.files.unlink(temp);
    },
    async held() {
      const found = [];
      for (const { path, location } of await heldParts(files)) {
        found.push({ path, bytes: (await bytesAt(location)) ?? new Uint8Array() });
      }
      return found;
    },
    async showWriters(value) {
      shows = value;
    },
  };
}

async function readWhole(files: Files, path: string): Promise<Uint8Array | undefined> {
  const file = await files.open(path);
  if (!file) return undefined;
  try {
    return await toBytes(file.read());
  } finally {
    await file.close();
  }
}
