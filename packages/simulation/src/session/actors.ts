/** The processes that work on the session. Each may lose a race, but none may see wrong or missing bytes. */
import { codeOf, type ErrorCode, OUTPUT, toBytes } from "@session-archiver/core";
import { below } from "@session-archiver/test-kit/random";
import type { ActorKind } from "./plan.js";
import type { Stage } from "./stage.js";
import { ID, SIDECAR } from "./world.js";
import { write } from "./writer.js";

type Actor = (stage: Stage) => Promise<void>;

/** Does the work as often as the plan says. */
function repeat(work: Actor): Actor {
  return async (stage) => {
    for (let round = 0; round < stage.rounds; round++) await work(stage);
  };
}

export const ACTORS: Readonly<Record<ActorKind, Actor>> = {
  writer: write,
  reader: repeat(read),
  archiver: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT"], () => stage.archiver.archive(ID));
  }),
  restorer: repeat(async (stage) => {
    const keepArchive = stage.random() < 0.3;
    await tolerate(stage, ["CONFLICT", "INVALID_ARGUMENT"], () => stage.archiver.restore(ID, { keepArchive }));
  }),
  settler: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT"], () => stage.archiver.settle(ID));
  }),
  sweeper: repeat(async (stage) => {
    const report = await tolerate(stage, [], () => stage.archiver.sweep({ inactiveDays: 0 }));
    for (const failure of report?.failures ?? []) check(stage, ["CONFLICT", "PRUNED"], failure);
  }),
  collector: repeat(async (stage) => {
    const graceDays = stage.random() < 0.8 ? 0 : 1;
    await tolerate(stage, ["CONFLICT"], () => stage.archiver.gc({ graceDays }));
  }),
  pruner: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT", "INVALID_ARGUMENT"], () => stage.archiver.pruneSession(ID));
    if (stage.random() < 0.7)
      await tolerate(stage, ["CONFLICT", "INVALID_ARGUMENT"], () => stage.archiver.undoPrune(ID));
  }),
  purger: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT", "INVALID_ARGUMENT"], () => stage.archiver.pruneSession(ID));
    const report = await tolerate(stage, [], () => stage.archiver.prune({ maxTotalBytes: 0, graceDays: 0 }));
    for (const failure of report?.failures ?? []) check(stage, ["CONFLICT"], failure);
    await tolerate(stage, ["CONFLICT", "INVALID_ARGUMENT"], () => stage.archiver.undoPrune(ID));
  }),
};

/** Reads a file in one go, or opens it and reads it in two parts. */
async function read(stage: Stage): Promise<void> {
  const { archiver, world, random } = stage;
  const name = world.ledgers.has(SIDECAR) && random() < 0.4 ? SIDECAR : OUTPUT;
  const ledger = world.ledger(name);
  const mark = ledger.mark();
  const inTwo = random() < 0.3;
  const text = await tolerate(stage, [], async () => {
    if (!inTwo) return textOf(archiver.read(ID, { name }));
    const file = await archiver.open(ID, { name });
    const middle = below(random, file.size + 1);
    return (await textOf(file.read({ start: 0, end: middle }))) + (await textOf(file.read({ start: middle })));
  });
  if (text !== undefined) ledger.check(text, mark, `a read of ${name}`);
}

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await toBytes(bytes));
}

/** The result. `undefined` if it failed with one of these codes, because of an injected fault, or because of a tombstone. */
async function tolerate<T>(stage: Stage, codes: readonly ErrorCode[], work: () => Promise<T>): Promise<T | undefined> {
  const before = stage.world.tombstones();
  const wasPruned = stage.world.isTombstoned();
  try {
    return await work();
  } catch (error) {
    const isPruned = wasPruned || stage.world.tombstones() > before;
    check(stage, isPruned ? [...codes, "PRUNED"] : codes, error);
    return undefined;
  }
}

function check(stage: Stage, codes: readonly ErrorCode[], error: unknown): void {
  const code = codeOf(error);
  if (code && codes.includes(code)) return;
  if (stage.faulty && (code === "UNAVAILABLE" || code === "QUOTA")) return;
  if (stage.damaged() && code === "CORRUPT") return;
  throw error instanceof Error ? error : new Error(`A report contains ${JSON.stringify(error)}.`);
}
