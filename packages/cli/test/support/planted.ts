/** A home with sessions, a fault that is planted in it, and what of it can be read. */
import { createHash } from "node:crypto";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { DoctorDocument } from "../../src/commands/doctor.js";
import { type Cli, newCli, type Run } from "./cli.js";
import { filesIn } from "./doctor.js";
import { idsOf } from "./imports.js";
import { transcript, writeFiles } from "./sessions.js";

/**
 * Ids of the sessions, all but `live` archived. `resumed` has new output, `pruned` a tombstone. The manifest of `a` lies
 * beside its archive, the others are inline.
 */
export const IDS = ["a", "b", "live", "pruned", "resumed"] as const;

export interface Planted {
  readonly cli: Cli;
  readonly home: string;
}

/** Lines that hardly compress: an archive of several segments. */
function longLines(lines: number): string {
  const noise = (seed: number): string =>
    Array.from({ length: 9000 }, (_, i) => ((i * 7919 + seed * 104_729) ** 2 % 2 ** 40).toString(36)).join("");
  return Array.from(
    { length: lines },
    (_, i) => `${JSON.stringify({ type: "user", text: `${i} ${noise(i)}` })}\n`,
  ).join("");
}

/** Without sources: what the store lacks then, nothing but the store can give back. */
export async function newHome(kind: "sqlite" | "fs" = "sqlite"): Promise<Planted> {
  const always = kind === "fs" ? ["--store", "fs:home", "--archives", "fs:home/archives"] : [];
  const cli = await newCli(...always);
  await writeFiles(cli.folder, {
    "p/a.jsonl": longLines(40),
    "p/b.jsonl": transcript(30, undefined, "b"),
    "p/pruned.jsonl": transcript(20, undefined, "pruned"),
    "p/resumed.jsonl": transcript(10, undefined, "resumed"),
  });
  await must(cli, "import", "p");
  await must(cli, "archive", "a", "b", "pruned", "resumed");
  await writeFiles(cli.folder, {
    "p/resumed.jsonl": transcript(10, undefined, "resumed") + transcript(3, Date.UTC(2026, 1, 1), "more"),
    "p/live.jsonl": transcript(15, undefined, "live"),
  });
  await must(cli, "import", "p");
  await must(cli, "prune", "--max-total-bytes", "0", "--dry-run");
  await must(cli, "pin", "a", "b", "resumed", "live");
  await must(cli, "prune", "--max-total-bytes", "0");
  await must(cli, "unpin", "a", "b", "resumed", "live");
  const { rm } = await import("node:fs/promises");
  await rm(join(cli.folder, "p"), { recursive: true });
  return { cli, home: join(cli.folder, "home") };
}

export async function must(cli: Cli, ...words: string[]): Promise<Run> {
  const run = await cli.run(...words);
  if (run.exitCode !== 0) throw new Error(`${words.join(" ")}: ${run.exitCode}\n${run.text}${run.stderr}`);
  return run;
}

/** A copy of the same home in a folder of its own. */
export async function copyOf({ home }: Planted, kind: "sqlite" | "fs"): Promise<Planted> {
  const cli = await newCli(...(kind === "fs" ? ["--store", "fs:home", "--archives", "fs:home/archives"] : []));
  await cp(home, join(cli.folder, "home"), { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return { cli, home: join(cli.folder, "home") };
}

export async function doctor(cli: Cli, ...words: string[]): Promise<DoctorDocument & { readonly exitCode: number }> {
  const run = await cli.run("doctor", "--json", ...words);
  if (run.text === "") throw new Error(run.stderr);
  return { ...run.json<DoctorDocument>(), exitCode: run.exitCode };
}

/** The bytes of each session that can be read now. */
export async function readable({ cli }: Planted): Promise<ReadonlyMap<string, string>> {
  const read = new Map<string, string>();
  const ids = new Set([...IDS, ...(await idsOf(cli).catch(() => []))]);
  for (const id of ids) {
    const run = await cli.run("cat", "--", id);
    if (run.exitCode === 0) read.set(id, run.stdout.toString());
  }
  return read;
}

/** Hashes of everything that any gzip reader gets out of the files below the home. */
export async function unpackable(home: string): Promise<ReadonlySet<string>> {
  const hashes = new Set<string>();
  for (const path of await filesIn(home)) {
    try {
      hashes.add(
        createHash("sha256")
          .update(gunzipSync(await readFile(path)))
          .digest("hex"),
      );
    } catch {
      // no gzip, or a damaged one
    }
  }
  return hashes;
}
