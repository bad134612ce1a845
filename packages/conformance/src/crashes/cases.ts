/** The crash matrix: each operation stopped at each of its port calls, and its recovery too. */
import { type Archiver, hasCode, type Ports } from "@session-archiver/core";
import type { Case } from "../case.js";
import { DEFAULT_OFFERS, type Feature, offering, type Subject } from "../subject.js";
import { check } from "../support/assert.js";
import { below, seeded } from "../support/random.js";
import { archiverOn } from "../support/session.js";
import { isWhole } from "./check.js";
import { IMPORTS } from "./imports.js";
import { OPERATIONS, type Operation } from "./operations.js";
import { REBUILDS } from "./rebuilds.js";
import { stoppingAt } from "./stop.js";

export interface CrashOptions {
  /** Stop at every n-th step of an operation. Default 1: at all of them. */
  readonly every?: number | undefined;
  /** Pairs of crashes for each operation, drawn by a seed. Default 40; `Infinity` for all. */
  readonly pairs?: number | undefined;
}

const PORTS: readonly Feature[] = ["objects", "blobs", "archives"];

const UNSTOPPED: number = Number.POSITIVE_INFINITY;

/** More steps than any operation has. */
const MOST_STEPS = 2000;

/** Two cases for each operation. Without `reopen`, as for a store that keeps nothing, the same ports are used again. */
export function crashCasesWith({ every = 1, pairs = 40 }: CrashOptions = {}): readonly Case[] {
  return [...OPERATIONS, ...IMPORTS, ...REBUILDS].flatMap((operation) => [
    crashCase(`${operation.name}: whole after a crash at any port call`, async (matrix) => {
      for (let at = 0; (await matrix.run(operation, [at])) > at; at += every) check(at < MOST_STEPS, "it never ends.");
    }),
    crashCase(`${operation.name}: whole after a second crash, while it recovers`, async (matrix) => {
      for (const crashes of await matrix.pairs(operation, pairs)) await matrix.run(operation, crashes);
    }),
  ]);
}

export const crashCases: readonly Case[] = crashCasesWith();

function crashCase(name: string, run: (matrix: Matrix) => Promise<void>): Case {
  return { concern: "Crashes", name, needs: PORTS, run: (subject) => run(matrixOn(subject)) };
}

interface Matrix {
  /** Stops the operation at the first step and its recovery at the second. The steps which the last of them came to. */
  run(operation: Operation, crashes: readonly number[]): Promise<number>;
  /** At most `count` pairs of steps: one of the operation, and one of the recovery from it. */
  pairs(operation: Operation, count: number): Promise<readonly (readonly number[])[]>;
}

const recover = async (archiver: Archiver, id: string, operation: Operation): Promise<void> => {
  if (operation.rebuilds) await archiver.rebuild();
  await archiver.settle(id).catch((error: unknown) => {
    if (!hasCode(error, "NOT_FOUND")) throw error; // it was removed
  });
  await archiver.gc({ graceDays: 0 });
};

function matrixOn(subject: Subject): Matrix {
  let ports: Ports = offering(subject, DEFAULT_OFFERS.slice(0, 3) as ["objects", "blobs", "archives"]);
  let ids = 0;

  /** Runs it until that step, and opens the store again. The steps it came to. */
  const stop = async (
    { describe }: Operation,
    operate: (archiver: Archiver) => Promise<unknown>,
    at: number,
  ): Promise<number> => {
    const stopping = stoppingAt(ports, at);
    const outcome = operate(archiverOn(stopping.ports, describe)).then(
      () => undefined,
      (error: unknown) => ({ error }),
    );
    const ended = await Promise.race([outcome, stopping.stopped]);
    const steps = stopping.steps();
    if (ended && steps <= at) throw ended.error;
    ports = subject.reopen ? { ...ports, ...(await subject.reopen()) } : ports;
    stopping.release();
    await outcome;
    return steps;
  };
  const run: Matrix["run"] = async (operation, [at = 0, again]) => {
    const id = `session ${ids++}`;
    const output = await operation.prepare(ports, id);
    let steps = await stop(operation, (archiver) => operation.operate(archiver, id), at);
    if (again !== undefined) steps = await stop(operation, (archiver) => recover(archiver, id, operation), again);
    const second = again === undefined ? "" : ` and at step ${again} of the recovery`;
    await isWhole(ports, id, operation, output, `after a crash at step ${at}${second}`);
    return steps;
  };
  return {
    run,
    async pairs(operation, count) {
      const first = await run(operation, [UNSTOPPED]);
      const random = seeded(1);
      const pairs: number[][] = [];
      const steps = Array.from({ length: first }, (_, at) => at);
      const drawn = count < first ? Array.from({ length: count }, () => below(random, first)) : steps;
      for (const at of drawn) {
        const second = await run(operation, [at, UNSTOPPED]);
        if (count < UNSTOPPED) pairs.push([at, below(random, second)]);
        else for (let again = 0; again < second; again++) pairs.push([at, again]);
      }
      return pairs;
    },
  };
}
