/** Several processes use one home at once, some of them are killed, and the imported files grow meanwhile. */
import { appendFile, mkdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { openFsArchives } from "@session-archiver/adapter-fs";
import { KILL_SEED, KILLS, makeOutputs, type Random, seeded } from "@session-archiver/test-kit/faults";
import { hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import type { SessionDetails } from "../../src/index.js";
import { newCli } from "../support/cli.js";
import { listAll } from "../support/listed.js";
import { type Outcome, runProcess } from "../support/processes.js";

/** Names of files, which differ from every session's own id. */
const IDS = ["file-0", "file-1", "file-2", "file-3", "file-4", "file-5"];
/** Each round has about five processes; about half of them are killed. */
const ROUNDS = Math.ceil(KILLS / 26);
const LONGEST_LIFE_MS = 400;
/**
 * Errors that other processes may cause: the session keeps changing, doesn't exist yet, is not archived (INVALID_ARGUMENT)
 * or has a tombstone.
 */
const ALLOWED = ["CONFLICT", "NOT_FOUND", "INVALID_ARGUMENT", "PRUNED"];
if (!hasCorpus) console.warn(`${NO_CORPUS}: using generated ones`);

interface Source {
  readonly id: string;
  /** The imported file, which grows. */
  readonly file: string;
  readonly whole: Buffer;
}

/** Each file grows by some lines, or half a line. */
async function grow({ file, whole }: Source, random: Random): Promise<void> {
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  await appendFile(file, whole.subarray(size, size + random.below(whole.length >> 1)));
}

function commands(random: Random): readonly (readonly string[])[] {
  const id = (): string => random.pick(IDS);
  const all = [
    ["import", "projects"],
    ["sweep", "--inactive-days", "0"],
    ["restore", id(), id()],
    ["archive", id(), id()],
    ["cat", id()],
    ["gc", "--grace", "0"],
    ["prune", "--older-than", "0", "--grace", "1000"],
    ["verify"],
  ];
  return all.filter((_, index) => index === 0 || random.chance(0.55));
}

test(
  `seed ${KILL_SEED}: processes that work at once and are killed lose nothing that was imported`,
  async () => {
    const random = seeded(KILL_SEED);
    const cli = await newCli();
    const projects = join(cli.folder, "projects");
    await mkdir(projects);
    const wholes = IDS.map((id) => join(cli.folder, `${id}.whole`));
    await makeOutputs(wholes, random);
    const sources = await Promise.all(
      IDS.map(async (id, index): Promise<Source> => {
        return { id, file: join(projects, `${id}.jsonl`), whole: await readFile(wholes[index] ?? "") };
      }),
    );
    /** The bytes that the last successful import reported. */
    const acknowledged = new Map<string, number>();
    let killed = 0;

    const checkBytes = ({ id, whole }: Source, bytes: Buffer): void => {
      expect(bytes.equals(whole.subarray(0, bytes.length)), `${id} is a first part of its file`).toBe(true);
      expect(bytes.length, `${id} holds all that was imported`).toBeGreaterThanOrEqual(acknowledged.get(id) ?? 0);
    };
    const check = (outcome: Outcome): void => {
      if (outcome.killed) return;
      expect([outcome.words, outcome.codes.filter((code) => !ALLOWED.includes(code))]).toEqual([outcome.words, []]);
      // The failure of one file doesn't fail an import.
      const failed = outcome.codes.length > 0 && outcome.words[0] !== "import" ? 1 : 0;
      expect([outcome.words, outcome.exitCode]).toEqual([outcome.words, failed]);
      const source = sources.find(({ id }) => outcome.words[0] === "cat" && id === outcome.words[1]);
      if (!source || outcome.exitCode !== 0) return;
      checkBytes(source, Buffer.from(JSON.parse(outcome.stdout).data, "base64"));
    };

    for (let round = 0; round < ROUNDS; round++) {
      for (const source of sources) await grow(source, random);
      const sizes = await Promise.all(sources.map(async ({ id, file }) => [id, (await stat(file)).size] as const));
      // Before the first import there is no home to list.
      const pruned = new Set(
        (round > 0 ? await listed() : []).filter(({ state }) => state === "pruned").map(({ id }) => id),
      );
      const outcomes = await Promise.all(
        commands(random).map((words) => {
          return runProcess(
            cli.folder,
            words,
            random.chance(0.5) ? { killAfterMs: random.below(LONGEST_LIFE_MS) } : {},
          );
        }),
      );
      outcomes.forEach(check);
      killed += outcomes.filter((outcome) => outcome.killed).length;
      await cli.run("undo-prune", ...IDS);
      const [imported] = outcomes;
      // An import leaves out a session with a tombstone. Whether it had one by then isn't known.
      const mayPrune = pruned.size > 0 || outcomes.some(({ words }) => words[0] === "prune");
      const isWhole = imported?.exitCode === 0 && imported.codes.length === 0;
      if (isWhole && !mayPrune) for (const [id, size] of sizes) acknowledged.set(id, size);
      for (const source of sources) {
        const found = await cli.run("cat", source.id);
        if (found.exitCode === 0) checkBytes(source, found.stdout);
        else
          expect([acknowledged.get(source.id) ?? 0, found.stderr]).toEqual([0, expect.stringContaining("NOT_FOUND")]);
        if (found.exitCode === 0) acknowledged.set(source.id, found.stdout.length);
      }
    }

    for (const words of [
      ["import", "projects"],
      ["sweep", "--inactive-days", "0"],
      ["gc", "--grace", "0"],
    ]) {
      // Sweeps leave a restored session alone for a day.
      const later = { now: () => Date.now() + 2 * 24 * 60 * 60 * 1000 };
      const strict = words[0] === "import" ? ["--strict"] : [];
      expect((await cli.runWith(later, ...words, ...strict, "--json")).exitCode, words[0]).toBe(0);
    }
    expect((await cli.run("verify", "--json")).json()).toMatchObject({ checked: IDS.length, bad: [] });
    for (const { id, file } of sources)
      expect((await cli.run("cat", id)).stdout.equals(await readFile(file))).toBe(true);
    // A session that went on after it was archived may lie in several files; nothing else is left.
    expect((await archives()).toSorted()).toEqual((await namedBySessions()).toSorted());
    expect(killed).toBeGreaterThan(ROUNDS / 2);
    console.info(`${killed} of the program's processes killed in ${ROUNDS} rounds`);

    // After the grace period only the tombstones are left, and they can't be undone.
    expect((await cli.run("prune", "--older-than", "0", "--grace", "0", "--json")).json()).toMatchObject({
      failedCount: 0,
    });
    const undone = await cli.run("undo-prune", ...IDS, "--json");
    expect(undone.json<readonly { readonly code: string }[]>().map(({ code }) => code)).toEqual(
      IDS.map(() => "PRUNED"),
    );
    expect((await listed()).map(({ state }) => state)).toEqual(IDS.map(() => "pruned"));
    expect(await archives()).toEqual([]);

    async function listed(): Promise<readonly { readonly id: string; readonly state: string }[]> {
      return await listAll(cli);
    }
    /** The keys of all that the sessions say they consist of. */
    async function namedBySessions(): Promise<readonly string[]> {
      const details = (await cli.run("info", ...IDS, "--json")).json<readonly SessionDetails[]>();
      return details.flatMap(({ archive, manifest }) => {
        const files = [...archive.flatMap((file) => file.parts ?? [file]), ...(manifest ? [manifest] : [])];
        // An inline manifest has no file of its own.
        return files.map(({ key }) => key).filter((key) => !/\.manifest-\d+\.json$/.test(key));
      });
    }
    /** The keys of all archive files and manifests in the sink. */
    async function archives(): Promise<readonly string[]> {
      await using sink = openFsArchives(join(cli.folder, "home", "archives"), { readOnly: true });
      const keys = (await Array.fromAsync(sink.list())).map(({ key }) => key);
      return keys.filter((key) => !key.includes("/runs/"));
    }
  },
  60_000 + ROUNDS * 20_000,
);
