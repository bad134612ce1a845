/**
 * A repair that is killed, again and again, at random moments; and two repairs at once. More:
 * `SESSION_ARCHIVER_REPAIRS=50 SESSION_ARCHIVER_SEED=…`.
 */
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { archiveFile } from "../support/doctor.js";
import { flipByte } from "../support/flip-byte.js";
import { copyOf, doctor, must, newHome, type Planted, readable, unpackable } from "../support/planted.js";
import { runProcess } from "../support/processes.js";
import { transcript, writeFiles } from "../support/sessions.js";

const count = Number(process.env["SESSION_ARCHIVER_REPAIRS"] ?? 4);
let state = Number(process.env["SESSION_ARCHIVER_SEED"] ?? 1);

function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
}

/** A database whose last pages are torn, with many live sessions, and a damaged archive. */
async function newTorn(): Promise<Planted> {
  const planted = await newHome();
  const { cli, home } = planted;
  const many = Array.from({ length: 60 }, (_, n) => [`m/m${n}.jsonl`, transcript(40, undefined, `m${n}`)]);
  await writeFiles(cli.folder, Object.fromEntries(many));
  await must(cli, "import", "m");
  await flipByte(await archiveFile(home, "a"), 0.5);
  return planted;
}

async function tear(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, "r+");
  await file.write(Buffer.alloc(3000, 0xa5), 0, 3000, size - 2 * 4096);
  await file.close();
}

test("nothing is lost by a repair that is killed, however often", { timeout: 3_600_000 }, async () => {
  const torn = await newTorn();
  const whole = await readable(torn);
  await tear(join(torn.home, "sessions.db"));
  const before = await readable(torn);
  expect(before.size).toBeGreaterThan(whole.size / 2);
  const once = await copyOf(torn, "sqlite");
  const began = performance.now();
  await runProcess(once.cli.folder, ["doctor", "--repair", "--grace", "0"]);
  const took = performance.now() - began;
  for (let round = 0; round < count; round++) {
    const killed = await copyOf(torn, "sqlite");
    const unpacked = await unpackable(killed.home);
    const words = ["doctor", "--repair", "--grace", "0"];
    for (let kill = 0; kill < 3; kill++) {
      const runs = [runProcess(killed.cli.folder, words, { killAfterMs: random(took) })];
      if (random(2) === 0) runs.push(runProcess(killed.cli.folder, words, { killAfterMs: random(took) }));
      await Promise.all(runs);
    }
    const mended = await doctor(killed.cli, ...words.slice(1));
    expect({ round, ...mended }).toMatchObject({ healthy: true });
    const after = await readable(killed);
    const lost = [...before].filter(([id, bytes]) => after.get(id) !== bytes).map(([id]) => id);
    expect({ round, lost }).toEqual({ round, lost: [] });
    const left = await unpackable(killed.home);
    expect([...unpacked].filter((packed) => !left.has(packed))).toEqual([]);
  }
});
