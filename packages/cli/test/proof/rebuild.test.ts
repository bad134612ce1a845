/** Real sessions to which random things happened lose their catalogue, and come back from their archives. */
import { appendFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { RebuildReport } from "@session-archiver/core";
import { makeOutputs, type Random, seeded } from "@session-archiver/test-kit/faults";
import { hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { listAll } from "../support/listed.js";
import { cutShortAt, damageManifests, keysIn } from "../support/rebuild-damage.js";
import { happen, type Known, knownOf, type Layout, newStage, type Stage } from "../support/rebuild-stage.js";

const SEEDS = Number(process.env["SESSION_ARCHIVER_REBUILDS"] ?? 10);
const FIRST = Number(process.env["SESSION_ARCHIVER_REBUILD_SEED"] ?? 1);
/** Sessions of each seed, no two of the same file as long as there are others. */
const SESSIONS = Number(process.env["SESSION_ARCHIVER_REBUILD_SESSIONS"] ?? 8);
const EVENTS = Math.ceil(2.5 * SESSIONS);
const LAYOUTS: readonly Layout[] = ["sqlite and files", "sqlite and files", "files", "one database"];
const LOSSES = ["all", "all", "all with manifests", "objects", "set back"] as const;
if (!hasCorpus) console.warn(`${NO_CORPUS}: using generated ones`);

type KnownAll = ReadonlyMap<string, Known>;

async function importing(stage: Stage): Promise<void> {
  const run = await stage.run("import", "p");
  expect([run.exitCode, run.stderr]).toEqual([0, run.stderr]);
}

async function live(stage: Stage, random: Random): Promise<void> {
  const folders = Array.from({ length: SESSIONS }, (_, i) => join(stage.cli.folder, "p", String(i)));
  for (const folder of folders) await mkdir(folder, { recursive: true });
  const paths = folders.map((folder, i) => join(folder, `session-${i}.jsonl`));
  await makeOutputs(paths, random);
  await importing(stage);
  expect((await stage.run("sweep", "--inactive-days", "0")).exitCode).toBe(0);
  await stage.use((archiver) => happen(archiver, random, EVENTS));
  await appendFile(random.pick(paths), '{"type":"user","more":true}\n');
  const other = random.pick(paths);
  await writeFile(other, Buffer.concat([Buffer.from('{"type":"summary"}\n'), await readFile(other)]));
  await importing(stage);
  await stage.use((archiver) => happen(archiver, random, EVENTS / 2));
  await stage.backUp();
  await stage.use((archiver) => happen(archiver, random, EVENTS / 2));
  // When a catalogue gets lost, most sessions are fully archived.
  if (random.chance(0.5)) await stage.run("sweep", "--inactive-days", "0");
}

/** At any call of a port: then all fail. Afterwards it is run again, by the program. */
async function cutShort(stage: Stage, random: Random): Promise<void> {
  const at = random.below(60);
  await stage.use((_, ports) => cutShortAt(ports, at));
}

function isSafe({ info }: Known): boolean {
  return info.state === "archived" || info.state === "pruned";
}

async function listed(stage: Stage): Promise<ReadonlyMap<string, unknown>> {
  const sessions = await listAll(stage);
  return new Map(sessions.map((session) => [session.id, session]));
}

/** The facts that a tombstone or a kept version gives. */
const tombstoneOf = ({ info: { prunedAt, pruneReason, purgedAt, lost, pinned } }: Known): unknown => {
  return { prunedAt, pruneReason, purgedAt, lost, pinned };
};

function compare(before: KnownAll, after: KnownAll, report: RebuildReport, isTold: boolean): void {
  for (const id of after.keys()) expect(before.has(id), `${id} was never there, or removed`).toBe(true);
  for (const [id, was] of before) {
    const is = after.get(id);
    if (!isSafe(was)) {
      const isNamed = report.liveLost.includes(id) || was.info.archivedAt === null;
      expect(isNamed, `${id} was ${was.info.state}`).toBe(true);
      continue;
    }
    expect(report.liveLost, id).not.toContain(id);
    // Without its manifest, an archive may be a later one than the tombstone was set on.
    const isKept = is?.info.state === was.info.state || !isTold;
    expect(isKept, `${id} was ${was.info.state}, is ${is?.info.state}`).toBe(true);
    if (was.output !== "PRUNED") expect(is?.output, id).toBe(was.output);
    if (isTold || was.info.purgedAt !== null) expect(is && tombstoneOf(is), id).toEqual(tombstoneOf(was));
    expect(new Set(is?.versions), id).toEqual(new Set(was.versions));
  }
}

/** The older catalogue has every archived output, or keeps it as a version beside its own. */
function compareSetBack(before: KnownAll, after: KnownAll): void {
  for (const [id, was] of before) {
    if (!isSafe(was) || was.output === "PRUNED") continue;
    const is = after.get(id);
    expect([is?.output, ...(is?.versions ?? [])], id).toContain(was.output);
  }
}

async function one(seed: number): Promise<void> {
  const random = seeded(seed);
  const stage = await newStage(LAYOUTS[seed % LAYOUTS.length] ?? "files");
  await live(stage, random);
  const loss = LOSSES[seed % LOSSES.length] ?? "all";
  const before = await stage.use((archiver) => knownOf(archiver));
  const list = await listed(stage);
  if (loss === "all with manifests") await stage.use((_, ports) => damageManifests(ports.archives, random));
  const keys = await stage.use((_, ports) => keysIn(ports.archives));
  if (loss === "set back") await stage.putBack();
  else if (loss !== "objects") await stage.lose();
  const objects = loss === "objects";
  if (!objects && random.chance(0.5)) await cutShort(stage, random);
  const quick = random.chance(0.3) ? ["--quick"] : [];
  const report = objects
    ? await stage.use((archiver) => archiver.rebuild(), { objects })
    : (await stage.run("rebuild", "--json", ...quick)).json<RebuildReport>();
  expect(report, JSON.stringify(report)).toMatchObject({ failures: [] });

  const after = await stage.use((archiver) => knownOf(archiver), { objects });
  expect(await stage.use((_, ports) => keysIn(ports.archives))).toEqual(expect.arrayContaining([...keys]));
  if (loss === "set back") compareSetBack(before, after);
  else if (objects) {
    for (const [id, is] of after)
      expect([id, is.output, is.versions]).toEqual([id, before.get(id)?.output, is.versions]);
    for (const [id, was] of before) if (was.info.archivedAt !== null) expect(after.has(id), id).toBe(true);
  } else compare(before, after, report, loss === "all");
  if (loss === "all") {
    const now = await listed(stage);
    for (const [id, was] of before) if (isSafe(was)) expect(now.get(id)).toEqual(list.get(id));
  }

  const again = await stage.use((archiver) => archiver.rebuild(), { objects });
  expect(again).toMatchObject({ made: [], merged: [], failures: [] });
  const gc = await stage.use((archiver) => archiver.gc({ graceDays: 0 }), { objects });
  expect(gc.refused).toBeNull();
  const last = await stage.use((archiver) => knownOf(archiver), { objects });
  for (const [id, { output, versions }] of after) expect(last.get(id)).toMatchObject({ output, versions });
}

test.each(Array.from({ length: SEEDS }, (_, i) => FIRST + i))("seed %i", (seed) => one(seed));
