/** The processes that work on a session and its source. Each may lose a race, but none may see wrong or missing bytes. */

import type { Step } from "@session-archiver/conformance/faults";
import { type Archiver, codeOf, type ErrorCode, type ImportSource, toBytes } from "@session-archiver/core";
import { below, type Random } from "@session-archiver/test-kit/random";
import type { Book } from "./book.js";
import type { ImportsActor } from "./plan.js";

export const ID = "s";

export interface ImportsStage {
  readonly book: Book;
  readonly archiver: Archiver;
  readonly random: Random;
  readonly rounds: number;
  readonly step: Step;
  /** Codes that are allowed here, besides those that are always allowed. */
  readonly tolerates: () => readonly ErrorCode[];
}

type Actor = (stage: ImportsStage) => Promise<void>;

function repeat(work: Actor): Actor {
  return async (stage) => {
    for (let round = 0; round < stage.rounds; round++) await work(stage);
  };
}

export const ACTORS: Readonly<Record<ImportsActor, Actor>> = {
  author: repeat(async ({ book, random, step }) => {
    await step();
    const lines = book.source().match(/.*\n/g) ?? [];
    const chance = random();
    const more = chance < 0.85 ? book.newLine("s") : "";
    const rest = chance < 0.6 ? lines : chance < 0.75 ? lines.slice(1) : lines.slice(0, -1);
    if (rest.length > 0 || more) book.author(rest.join("") + more);
  }),
  importer: repeat(async (stage) => {
    const { book, archiver, random } = stage;
    const text = book.source();
    const source = random() < 0.7 ? sourceOf(text, random() < 0.7, stage.step) : stream(text, stage.step);
    const done = await tolerate(stage, ["CONFLICT"], () => archiver.import(ID, source));
    if (done && done.outcome !== "pruned") book.imported(text);
  }),
  writer: repeat(async (stage) => {
    const line = stage.book.newLine("w");
    const recorder = stage.archiver.recorder(ID, { statsEveryMs: 0 });
    const isWritten = await tolerate(stage, ["CONFLICT"], async () => {
      await recorder.append(line);
      return true;
    });
    if (isWritten) stage.book.written(line);
    await tolerate(stage, ["CONFLICT"], () => recorder.close());
  }),
  reader: repeat(async (stage) => {
    const { archiver, book, random } = stage;
    const text = await tolerate(stage, [], async () => {
      const file = await archiver.open(ID);
      const middle = below(random, file.size + 1);
      const first = await toBytes(file.read({ start: 0, end: middle }));
      return decode(first) + decode(await toBytes(file.read({ start: middle })));
    });
    if (text !== undefined) book.checkRead(text, "a read");
  }),
  archiver: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT"], () => stage.archiver.archive(ID));
  }),
  restorer: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT", "INVALID_ARGUMENT"], () => stage.archiver.restore(ID));
  }),
  settler: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT"], () => stage.archiver.settle(ID));
  }),
  sweeper: repeat(async (stage) => {
    const report = await tolerate(stage, [], () => stage.archiver.sweep({ inactiveDays: 0, graceDays: 1000 }));
    for (const failure of report?.failures ?? []) check(stage, ["CONFLICT", "PRUNED"], failure);
  }),
  collector: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT"], () => stage.archiver.gc({ graceDays: 0 }));
  }),
  pruner: repeat(async (stage) => {
    await tolerate(stage, ["CONFLICT", "INVALID_ARGUMENT"], () => stage.archiver.pruneSession(ID));
    if (stage.random() < 0.6)
      await tolerate(stage, ["CONFLICT", "INVALID_ARGUMENT"], () => stage.archiver.undoPrune(ID));
  }),
};

const encoder = new TextEncoder();
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const CHUNK = 7;

async function* stream(text: string, step: Step): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < text.length; at += CHUNK) {
    if (at > 0) await step();
    yield encoder.encode(text.slice(at, at + CHUNK));
  }
}

/** The text at this moment, even if its author changes it later. */
export function sourceOf(text: string, hasVersion: boolean, step: Step = async () => {}): ImportSource {
  return {
    size: text.length,
    ...(hasVersion && { version: text }),
    read: ({ start, end }) => stream(text.slice(start, end), step),
  };
}

async function tolerate<T>(
  stage: ImportsStage,
  codes: readonly ErrorCode[],
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    check(stage, codes, error);
    return undefined;
  }
}

function check({ tolerates }: ImportsStage, codes: readonly ErrorCode[], error: unknown): void {
  const code = codeOf(error);
  if (code && [...codes, ...tolerates()].includes(code)) return;
  throw error instanceof Error ? error : new Error(`A report contains ${JSON.stringify(error)}.`);
}
