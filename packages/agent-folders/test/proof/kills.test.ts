/** Agents write in all the ways that are known while sweeps take their files away, and all of them are killed again and again. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { toBytes } from "@session-archiver/core";
import { KILL_SEED } from "@session-archiver/test-kit/faults";
import { startChild } from "@session-archiver/test-kit/machine";
import { below, type Random, seeded } from "@session-archiver/test-kit/random";
import { expect, test } from "vitest";
import { restoreUnit } from "../../src/restore/restore.js";
import { planFolders } from "../../src/sweep/plan.js";
import { sweepFolders } from "../../src/sweep/run.js";
import { fileOf, idOf, logOf, makeWorld, openWorld, POLICY, SESSIONS, type Session } from "./world.js";

/** The 1,500 for each store of the proof lane are 2,000 here. */
const KILLS = Math.ceil((Number(process.env["SESSION_ARCHIVER_KILLS"] ?? 18) * 4) / 3);
const ROUNDS_A_WORLD = 8;
const KILLS_A_ROUND = SESSIONS.length + 1;
const HOUR_MS = 60 * 60 * 1000;
const pathOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const NOTHING_IS_LOST = `seed ${KILL_SEED}: ${KILLS} kills of agents that write, and of sweeps, lose no line and double none`;
test(NOTHING_IS_LOST, { timeout: 60_000 + KILLS * 5_000 }, async () => {
  const counts = await runWorlds(KILLS);
  // A few kills may miss the rarer ones.
  for (const outcome of KILLS < 500 ? ["swept"] : ["held", "freed", "joined", "back", "restored"])
    expect([outcome, counts.get(outcome) ?? 0]).not.toEqual([outcome, 0]);
});

test("a line that a writer has reported, and that is nowhere, is found", { timeout: 300_000 }, async () => {
  const forget = (folder: string): Promise<void> => appendFile(logOf(folder, "w1-a"), "done nowhere\n");
  await expect(runWorlds(1, forget)).rejects.toThrow(/^After \d+ kills: .*lost/s);
});

/** How often each outcome was reported. Rejects if a line is lost, or there twice, and says how to repeat that. */
async function runWorlds(
  kills: number,
  spoil?: (folder: string) => Promise<void>,
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  const count = (word: string): void => void counts.set(word, (counts.get(word) ?? 0) + 1);
  let killed = 0;
  for (let seed = KILL_SEED; killed < kills; seed++) {
    const folder = await mkdtemp(join(tmpdir(), "session-archiver-agents-"));
    const random = seeded(seed);
    await makeWorld(folder);
    try {
      for (let round = 0; round < ROUNDS_A_WORLD && killed < kills; round++) {
        killed += await killAll(folder, round, random, count);
      }
      await spoil?.(folder);
      await check(folder, ROUNDS_A_WORLD * 13 * HOUR_MS);
    } catch (cause) {
      const again = `Again: SESSION_ARCHIVER_KILL_SEED=${seed}`;
      throw new Error(`After ${killed} kills: ${cause instanceof Error ? cause.message : cause}\n${again}`, { cause });
    } finally {
      if (!process.env["KEEP"]) await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    }
  }
  console.info(`${killed} kills; ${JSON.stringify(Object.fromEntries(counts))}`);
  return counts;
}

/** One sweep, which works until it is killed, and a writer for each session. Gives the number of kills. */
async function killAll(folder: string, round: number, random: Random, count: (word: string) => void): Promise<number> {
  const sweeper = startChild(pathOf("sweep-child.ts"), [
    folder,
    `${round * 13 * HOUR_MS}`,
    `${below(random, 2 ** 31)}`,
  ]);
  const lives = SESSIONS.map((session) => ({ session, afterMs: below(random, 600) }));
  const [steps, moreMs] = [below(random, 12), below(random, 150)];
  expect(await sweeper.heard()).toBe("ready");
  const heard = (line: string): void => {
    expect(line).not.toMatch(/^(?:failed|restore) (?!CONFLICT|NOT_FOUND|INVALID_ARGUMENT)/);
    count(line.split(" ", 2).join(" "));
  };
  const writers = lives.map(async ({ session, afterMs }) => {
    const args = [session.slice(0, 2), fileOf(folder, session), logOf(folder, session), `${round}`];
    const child = spawn(process.execPath, [pathOf("writer-child.mjs"), ...args], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const exit = once(child, "exit");
    await sleep(afterMs);
    child.kill("SIGKILL");
    expect(await exit).toEqual([null, "SIGKILL"]);
  });
  // So that it gets as far on a slow machine; where exactly it is, nobody knows.
  for (let step = 0; step < steps; step++) heard(await sweeper.heard());
  await sleep(moreMs);
  sweeper.process.kill("SIGKILL");
  for await (const line of sweeper.lines) heard(line);
  await Promise.all(writers);
  return KILLS_A_ROUND;
}

/** When nobody writes any more, everything can be freed and put back, and every line is there once. */
async function check(folder: string, aheadMs: number): Promise<void> {
  // A held file that has grown is put back, taken again, and let go of: each by a run of its own.
  for (const days of [2, 4, 6, 8, 10]) {
    await using world = await openWorld(folder, aheadMs + days * 24 * HOUR_MS);
    const report = await sweepFolders(world.host, await planFolders(world.host, [world.place], POLICY));
    if (report.failures.length > 0) throw new Error(JSON.stringify(report.failures));
  }
  await using world = await openWorld(folder, aheadMs + 12 * 24 * HOUR_MS);
  const { held, steps } = await planFolders(world.host, [world.place], POLICY);
  expect([held.map(({ path }) => path), steps.map(({ unit, why }) => `${unit.id}: ${why}`)]).toEqual([[], []]);
  for (const session of SESSIONS) {
    const archived = Buffer.from(await toBytes(world.host.archiver.read(idOf(session))));
    await restoreUnit(world.host, idOf(session));
    const content = await readFile(fileOf(folder, session));
    expect(content.equals(archived), `${session}: the restored file is what is archived`).toBe(true);
    checkLines(session, content.toString(), await readFile(logOf(folder, session), "utf8"));
  }
}

function checkLines(session: Session, content: string, log: string): void {
  const named = (word: string): string[] =>
    [...log.matchAll(new RegExp(`^${word} (\\S+)$`, "gm"))].map(([, name]) => name ?? "");
  const [tried, done] = [named("try"), named("done")];
  if (session === "w4") {
    const slot = /"slot":"(\S+)/.exec(content)?.[1] ?? "";
    const last = done.at(-1) ?? "none";
    expect([last, ...tried.slice(tried.indexOf(last) + 1)], "w4: what was written last").toContain(slot);
    return;
  }
  const lines = content.trimEnd().split("\n");
  expect(lines[0], `${session}: the first line`).toBe('{"type":"first"}');
  const found = lines.slice(1).map((line) => (JSON.parse(line) as { name: string }).name);
  const whole = new Set(found);
  expect(found.length - whole.size, `${session}: lines that are there twice`).toBe(0);
  expect(
    done.filter((name) => !whole.has(name)),
    `${session}: lines that are lost`,
  ).toEqual([]);
  expect(
    found.filter((name) => !tried.includes(name)),
    `${session}: lines that nobody wrote`,
  ).toEqual([]);
}
