/** Checks the cost of a sweep among many sessions that have nothing to do, and of appends that arrive together. */
import { join } from "node:path";
import { openSqlite, type SqliteStore } from "@session-archiver/adapter-sqlite";
import { createArchiver, type Recorder } from "@session-archiver/core";
import { timed } from "../measure/sample.js";
import { run as makeOtherSessions } from "../ours/other-sessions.js";
import { addIdle } from "../ours/sweep-ten.js";
import type { Check } from "./check.js";
import type { Fixture } from "./fixture.js";
import type { Subject } from "./subject.js";

const FEW = 100;
const MANY = 30_000;
const APPENDS = 1000;
const LINE = `${"x".repeat(499)}\n`;

export async function sqliteChecks({ folder }: Fixture, subject: Subject): Promise<readonly Check[]> {
  return [
    {
      name: `sweep of 10 idle sessions among ${MANY.toLocaleString("en")}`,
      than: `that among ${FEW}`,
      atLeast: 0.15,
      by: "clock",
      ours: await sweeping(join(folder, "many.db"), MANY, subject),
      peer: await sweeping(join(folder, "few.db"), FEW, subject),
    },
    {
      name: `${APPENDS.toLocaleString("en")} appends of 500 bytes at once`,
      than: "one by one",
      atLeast: 3,
      by: "clock",
      ours: () => recording(join(folder, "appends.db"), subject.append),
      peer: () => recording(join(folder, "appends.db"), oneByOne),
    },
  ];
}

async function sweeping(file: string, sessions: number, subject: Subject): Promise<() => Promise<number>> {
  await makeOtherSessions({ file, sessions });
  return () =>
    inStore(file, async (store) => {
      await addIdle(store);
      const archiver = createArchiver(subject.ports(store));
      return await timed(() => archiver.sweep());
    });
}

async function recording(file: string, append: Subject["append"]): Promise<number> {
  return await inStore(file, async (store) => {
    await using recorder = createArchiver(store).recorder("session", { create: {} });
    await recorder.append(LINE);
    return await timed(() =>
      append(
        recorder,
        Array.from({ length: APPENDS }, () => LINE),
      ),
    );
  });
}

async function oneByOne(recorder: Recorder, lines: readonly string[]): Promise<void> {
  for (const line of lines) await recorder.append(line);
}

/** Uses `synchronous=NORMAL`, because these checks don't measure the disk. */
async function inStore(file: string, work: (store: SqliteStore) => Promise<number>): Promise<number> {
  await using store = await openSqlite(file, { synchronous: "normal" });
  return await work(store);
}
