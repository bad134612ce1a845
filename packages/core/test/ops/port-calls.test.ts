/**
 * What each operation asks of the ports, on a small session with one file: each call may be a trip to a server. The table in
 * `docs/architecture.md` says the same, and why.
 */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import {
  type Archiver,
  type ArchiverOptions,
  createArchiver,
  memoryPorts,
  type Recorder,
  toBytes,
} from "../../src/index.js";
import { type Calls, countedPorts } from "../counted-calls.js";
import { DAY, jsonl, NOW } from "../support.js";

interface Stage {
  readonly archiver: Archiver;
  readonly recorder: (id: string) => Recorder;
  /** Forgets what was counted. */
  start(): void;
  wait(ms: number): void;
}

interface Operation {
  /** Leaves the stage as it is to be, calls `start`, and does it. */
  readonly run: (stage: Stage) => Promise<unknown>;
  readonly most: number;
  readonly calls: Calls;
}

const ID = "s";
const TEXT = jsonl(20);

async function live({ recorder }: Stage): Promise<Recorder> {
  const writer = recorder(ID);
  await writer.append(TEXT);
  await writer.flush();
  return writer;
}

async function archived(stage: Stage): Promise<void> {
  await (await live(stage)).close();
  await stage.archiver.archive(ID);
}

/** An operation on a session that was made ready by `before`. */
function on(
  before: (stage: Stage) => Promise<unknown>,
  work: (archiver: Archiver) => Promise<unknown>,
): Operation["run"] {
  return async (stage) => {
    await before(stage);
    stage.start();
    await work(stage.archiver);
  };
}

const ARCHIVED_READ: Calls = { "blobs.stat": 1, "objects.get": 1, "archives.read": 2 };
const RECORD: Calls = { "ownMeta.get": 1, "ownMeta.put": 1, "archives.put": 1 };

const OPERATIONS: Readonly<Record<string, Operation>> = {
  "first append of a new session, and the first count": {
    run: async ({ recorder, start }) => {
      const writer = recorder(ID);
      start();
      await writer.append(TEXT);
      await writer.flush();
    },
    most: 10,
    calls: { "objects.get": 4, "objects.put": 2, "blobs.list": 2, "blobs.create": 1, "blobs.read": 1 },
  },
  "next append, and the first count": {
    run: async ({ recorder, start }) => {
      const writer = recorder(ID);
      await writer.append(TEXT);
      start();
      await writer.append(TEXT);
      await writer.flush();
    },
    most: 5,
    calls: { "blobs.append": 1, "objects.get": 1, "blobs.list": 1, "blobs.read": 1, "objects.put": 1 },
  },
  "append when the count is due": {
    run: async (stage) => {
      const writer = await live(stage);
      stage.wait(DAY);
      stage.start();
      await writer.append(TEXT);
      await writer.flush();
    },
    most: 5,
    calls: { "blobs.append": 1, "objects.get": 1, "blobs.list": 1, "objects.put": 1 },
  },
  "append when it is not": {
    run: async (stage) => {
      const writer = await live(stage);
      stage.start();
      await writer.append(TEXT);
    },
    most: 1,
    calls: { "blobs.append": 1 },
  },
  "first append to an archived session, and its count": {
    run: async (stage) => {
      await archived(stage);
      const writer = stage.recorder(ID);
      stage.start();
      await writer.append(TEXT);
      await writer.flush();
    },
    most: 15,
    calls: {
      "objects.get": 4,
      "blobs.list": 3,
      "objects.put": 3,
      "blobs.create": 1,
      "blobs.read": 1,
      "ownMeta.get": 1,
      "ownMeta.put": 1,
      "archives.put": 1,
    },
  },
  "read of a live session": {
    run: on(live, (archiver) => toBytes(archiver.read(ID))),
    most: 4,
    calls: { "blobs.stat": 2, "objects.get": 1, "blobs.read": 1 },
  },
  "read of an archived session": {
    run: on(archived, (archiver) => toBytes(archiver.read(ID))),
    most: 4,
    calls: ARCHIVED_READ,
  },
  "its last lines": { run: on(archived, (archiver) => toBytes(archiver.tail(ID, 3))), most: 4, calls: ARCHIVED_READ },
  "its lines since a time": {
    run: on(archived, (archiver) => toBytes(archiver.since(ID, NOW - DAY * 30))),
    most: 4,
    calls: ARCHIVED_READ,
  },
  "lines out of its middle": {
    run: on(archived, (archiver) => toBytes(archiver.lines(ID, { from: 3, to: 5 }))),
    most: 4,
    calls: ARCHIVED_READ,
  },
  "archive of a live session": {
    run: on(live, (archiver) => archiver.archive(ID)),
    most: 9,
    calls: {
      "objects.get": 1,
      "blobs.list": 2,
      "blobs.read": 1,
      "archives.put": 1,
      "archives.read": 1,
      "objects.put": 2,
      "blobs.delete": 1,
    },
  },
  "archive of one that has not changed": {
    run: on(archived, (archiver) => archiver.archive(ID)),
    most: 4,
    calls: { "objects.get": 2, "blobs.list": 1, "archives.read": 1 },
  },
  restore: {
    run: on(archived, (archiver) => archiver.restore(ID)),
    most: 12,
    calls: {
      ...RECORD,
      "objects.get": 2,
      "blobs.list": 2,
      "archives.read": 2,
      "blobs.create": 1,
      "objects.put": 2,
    },
  },
  verify: {
    run: on(archived, (archiver) => archiver.verify(ID)),
    most: 5,
    calls: { "objects.get": 2, "blobs.list": 1, "archives.read": 2 },
  },
  info: { run: on(archived, (archiver) => archiver.info(ID)), most: 3, calls: { "objects.get": 2, "blobs.list": 1 } },
  "list of one session": {
    run: on(archived, (archiver) => Array.fromAsync(archiver.list())),
    most: 3,
    calls: { "objects.list": 1, "objects.get": 1, "blobs.list": 1 },
  },
  pin: {
    run: on(archived, (archiver) => archiver.pin(ID, true)),
    most: 5,
    calls: { ...RECORD, "objects.get": 1, "objects.put": 1 },
  },
  "prune of one session": {
    run: on(archived, (archiver) => archiver.pruneSession(ID)),
    most: 10,
    calls: { ...RECORD, "objects.get": 4, "blobs.list": 2, "objects.put": 1 },
  },
  "gc with nothing to do": {
    run: on(archived, (archiver) => archiver.gc()),
    most: 8,
    calls: { "ownMeta.get": 5, "archives.list": 2, "objects.list": 1 },
  },
};

/** The store has archived something before: it has its id. */
async function count(run: Operation["run"]): Promise<Calls> {
  const calls: Record<string, number> = {};
  let now = NOW;
  let isCounting = false;
  const note = (name: string): void => {
    if (isCounting) calls[name] = (calls[name] ?? 0) + 1;
  };
  const ports = memoryPorts();
  const options: ArchiverOptions = {
    ...countedPorts(ports, note),
    now: () => now,
  };
  const archiver = createArchiver(options);
  await archiver.storeId();
  const recorders: Recorder[] = [];
  await run({
    archiver,
    recorder: (id) => {
      const recorder = archiver.recorder(id, { create: {} });
      recorders.push(recorder);
      return recorder;
    },
    start: () => {
      isCounting = true;
    },
    wait: (ms) => {
      now += ms;
    },
  });
  isCounting = false;
  for (const recorder of recorders) await recorder.close();
  return calls;
}

function sum(calls: Calls): number {
  return Object.values(calls).reduce((all, number) => all + number, 0);
}

test.each(Object.entries(OPERATIONS))("%s", async (_, { run, most, calls }) => {
  const counted = await count(run);
  expect(sum(counted)).toBeLessThanOrEqual(most);
  expect(counted).toEqual(calls);
});

test("the documentation says as many", async () => {
  const page = await readFile(new URL("../../../../docs/architecture.md", import.meta.url), "utf8");
  const rows = [...page.matchAll(/^\| ([^|]+?) *\| *\d+ *\| *(\d+) *\|/gm)];
  const said = Object.fromEntries(rows.map(([, name, calls]) => [name, Number(calls)]));
  expect(said).toEqual(Object.fromEntries(Object.entries(OPERATIONS).map(([name, { calls }]) => [name, sum(calls)])));
});
