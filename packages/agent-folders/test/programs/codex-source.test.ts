/** The source `codex` on homes that the real Codex has written. */
import { appendFile, readFile, rename } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { codexSource } from "../../src/codex/source.js";
import { nodeFiles } from "../../src/files/node-files.js";
import type { LiveCheck, Place, Scan, Unit } from "../../src/index.js";
import { type CodexHome, newCodexHome } from "./codex-home.js";
import { age, newToken } from "./files.js";
import { installPrograms } from "./install.js";

const programs = await installPrograms();
const codex = typeof programs === "string" ? "" : programs.codex;
if (typeof programs === "string") console.warn(`No home of Codex is read: ${programs}`);

const files = nodeFiles();
const HOUR_MS = 3_600_000;

function placeOf({ config }: CodexHome): Place {
  const roots = codexSource.roots.map((name) => ({ name, path: join(config, name) }));
  return { source: codexSource, home: config, roots };
}
const scan = (home: CodexHome): Promise<Scan> => codexSource.scan(placeOf(home), files, { known: () => undefined });
const live = (home: CodexHome): Promise<LiveCheck> =>
  codexSource.live(placeOf(home), files, { now: Date.now(), idleMs: HOUR_MS });

async function unitsOf(home: CodexHome): Promise<ReadonlyMap<string, Unit>> {
  const { units, leftOut } = await scan(home);
  expect(leftOut).toEqual([]);
  return new Map(units.map((unit) => [unit.nativeId, unit]));
}
const namesOf = (unit: Unit | undefined): readonly string[] => unit?.members.map(({ name }) => name) ?? [];

describe.skipIf(codex === "")("a home of the real Codex", () => {
  test("threads, what they were reverted to, and what their forks need", async () => {
    const home = await newCodexHome(codex);
    const id = await home.ask("one");
    await home.resume(id, "two");
    await home.revert(id, 1);
    await home.resume(id, "three");
    const fork = await home.fork(id, "a fork");
    const second = await home.fork(fork, "a fork of the fork");
    const emptied = await home.ask("to be taken back");
    const [first = ""] = (await home.rollouts()).filter((path) => path.includes(emptied));
    await home.revert(emptied, 0);
    await home.resume(emptied, "anew");

    const units = await unitsOf(home);
    // Codex lists a thread once for each of its files.
    expect([...units.keys()].sort()).toEqual([...new Set(await home.listed())]);
    expect(units.get(id)?.project).toBe(home.work);
    expect(namesOf(units.get(id))).toEqual(["output", expect.stringContaining(`${id}_`)]);
    expect(namesOf(units.get(emptied))).toEqual(["output", expect.stringContaining(`${emptied}_`)]);
    expect(units.get(emptied)?.members[0]?.path).toBe(relative(home.sessions, first));
    const needs = [id, fork, second, emptied].map((each) => units.get(each)?.needs);
    expect(needs).toEqual([[], [`codex:${id}`], [`codex:${fork}`], []]);
    // The fork's base is the file that the revert began: none of the threads has this id.
    const head = JSON.parse((await pathOf(home, fork, (path) => readFile(path, "utf8"))).split("\n")[0] ?? "");
    expect(namesOf(units.get(id))[1]).toContain(`_${head.payload.history_base.thread_id}.jsonl`);
  });

  test("whatever of a lineage goes, each thread that stays can be resumed", async () => {
    const home = await newCodexHome(codex);
    const token = newToken();
    const parent = await home.ask(token);
    const fork = await home.fork(parent, "a fork");
    const other = await home.fork(parent, "another fork");
    const alone = await home.ask("alone");
    const units = [...(await unitsOf(home)).values()];
    const freeing = units.filter(({ nativeId }) => nativeId !== fork);
    const staying = units.filter(({ nativeId }) => nativeId === fork);
    const needed = await codexSource.neededBy(placeOf(home), files, freeing, staying, {});
    expect([...needed.keys()]).toEqual([`codex:${parent}`]);
    for (const id of [other, alone]) await pathOf(home, id, (path) => rename(path, join(home.folder, basename(path))));
    await home.resume(fork, "again");
    expect(home.model.requests.at(-1)?.body).toContain(token);
  });

  test("a thread is live from before its first line to the end of its process, killed or not", async () => {
    const home = await newCodexHome(codex);
    const id = await home.ask("one");
    const [unit] = (await scan(home)).units as [Unit];
    const held = home.model.hold();
    const run = home.start("exec", "resume", "--skip-git-repo-check", id, "slow");
    await held.asked;
    expect((await live(home))(unit)).toBe(`Codex has it open (process ${run.pid})`);
    expect((await live(home))({ ...unit, nativeId: "another", lastModifiedMs: 0 })).toMatch(
      /^Codex has just started \(process \d+\)/,
    );
    await run.kill();
    held.release();
    expect((await live(home))(unit) ?? "").not.toContain(`${run.pid}`);
  });

  test("what Codex has compressed itself stays, and its forks still name it", async () => {
    const home = await newCodexHome(codex);
    const id = await home.ask("one");
    const fork = await home.fork(id, "a fork");
    for (const path of await home.rollouts()) await age(path, 8);
    await appendFile(join(home.config, "config.toml"), "\n[features]\nlocal_thread_store_compression = true\n");
    await home.ask("starts the compression");
    const units = await unitsOf(home);
    const compressed = "compressed by Codex already";
    expect([id, fork].map((each) => units.get(each)?.stays)).toEqual([compressed, compressed]);
    expect(namesOf(units.get(fork))).toEqual([expect.stringMatching(/\.jsonl\.zst$/)]);
    expect(units.get(fork)?.needs).toEqual([`codex:${id}`]);
    await home.resume(fork, "again");
    const after = await unitsOf(home);
    expect(after.get(fork)?.stays).toBeUndefined();
    expect(namesOf(after.get(fork))).toEqual(["output"]);
  });
});

async function pathOf<T>(home: CodexHome, id: string, work: (path: string) => Promise<T>): Promise<T> {
  const [path = ""] = (await home.rollouts()).filter((each) => each.includes(id));
  return work(path);
}
