/** Metadata that somebody else has written, and operations on the session that has it, beside a victim of whose bytes none may be touched. */

import { expect } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { ERROR_CODES } from "../../../src/errors.js";
import { isRecordKey, sessionIdOf } from "../../../src/format.js";
import {
  type Archiver,
  bytesOf,
  codeOf,
  createArchiver,
  type Json,
  type Meta,
  memoryPorts,
  type Ports,
  toBytes,
} from "../../../src/index.js";
import { DAY, makeSession, NOW, readText, world } from "../../support.js";
import { ID, lines, type Sample, sampleOf } from "./samples.js";
import { tally } from "./tallies.js";

/** Row of the table in SECURITY.md. */
export const OPERATIONS = "operations on hostile metadata";
const VICTIM = "victim";
const VICTIMS_TEXT = lines(3, 7);
export const victims = await victimOf();

async function victimOf(): Promise<{ readonly meta: Meta; readonly archives: ReadonlyMap<string, Uint8Array> }> {
  const w = world();
  await makeSession(w, VICTIM, VICTIMS_TEXT);
  await w.archiver.archive(VICTIM);
  const { archives } = await sampleOf("victim", w, VICTIMS_TEXT);
  // Pinned, so that no prune may take it, and idle.
  return { meta: { ...(await w.ports.objects.get(VICTIM))?.meta, [KEY.pinned]: true }, archives };
}

export const victimsKeys = [...victims.archives.keys()];
const OTHERS = [
  ...victimsKeys,
  "../../etc/passwd",
  "..\\..\\x",
  "/etc/shadow",
  "file:///etc/passwd",
  "C:\\x",
  "a\u0000b",
];
const NUMBERS = [-1, 0, 0.5, 1, -0, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 53 - 1, 2 ** 31, NOW, NOW * 1000, 8.64e15 + 1];
const STRINGS = [
  "",
  " ",
  "__proto__",
  "constructor",
  "\ud800",
  "x".repeat(2000),
  "\u001b[2J",
  "NaN",
  "Infinity",
  `${ID}.`,
  ...OTHERS,
];
/** What may stand under any key. */
export const VALUES: readonly Json[] = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  { length: 3 },
  ...NUMBERS,
  ...STRINGS,
  STRINGS,
  NUMBERS,
  OTHERS,
];
export const KEYS = Object.values(KEY);

/** The stores of a session with this metadata, beside the victim's, and every sink key that is touched. */
async function open(
  sample: Sample,
  meta: Meta,
): Promise<{ archiver: Archiver; ports: Ports; touched: Set<string>; blobs: Set<string> }> {
  const plain = memoryPorts();
  await plain.objects.put(VICTIM, victims.meta, null);
  await plain.objects.put(ID, meta, null);
  for (const [key, bytes] of [...victims.archives, ...sample.archives]) await plain.archives.put(key, bytesOf(bytes));
  for (const [name, { generation, bytes }] of sample.blobs) {
    await plain.blobs.create({ id: ID, name }, generation, bytesOf(bytes));
  }
  const touched = new Set<string>();
  const blobs = new Set<string>();
  const noting = <T extends object>(port: T, note: (argument: never) => void): T =>
    new Proxy(port, {
      get: (target, name) => {
        const method = Reflect.get(target, name);
        return typeof method !== "function" || name === "list"
          ? method
          : (...given: never[]) => {
              note(given[0] as never);
              return method.apply(target, given);
            };
      },
    });
  const ports: Ports = {
    objects: plain.objects,
    archives: noting(plain.archives, (key: string) => touched.add(key)),
    blobs: noting(plain.blobs, (at: { id?: string; key?: { id: string } }) => blobs.add(at.id ?? at.key?.id ?? "")),
  };
  return { archiver: createArchiver({ ...ports, now: () => NOW + 400 * DAY }), ports: plain, touched, blobs };
}

type Operation = (archiver: Archiver, ports: Ports) => Promise<unknown>;

const ON_THE_SESSION: Readonly<Record<string, Operation>> = {
  info: (archiver) => archiver.info(ID),
  read: (archiver) => toBytes(archiver.read(ID)),
  sidecar: (archiver) => toBytes(archiver.read(ID, { name: "notes" })),
  tail: (archiver) => toBytes(archiver.tail(ID, 2)),
  lines: (archiver) => toBytes(archiver.lines(ID, { from: 1, to: 3 })),
  since: (archiver) => toBytes(archiver.since(ID, NOW)),
  numbered: async (archiver) => {
    const lines = await archiver.openLines(ID);
    const count = await lines.lineCount();
    return lines.lines(Math.max(0, count - 3), count);
  },
  verify: (archiver) => archiver.verify(ID),
  settle: (archiver) => archiver.settle(ID),
  undoPrune: (archiver) => archiver.undoPrune(ID),
  archive: (archiver) => archiver.archive(ID),
  append: async (archiver) => {
    await using recorder = archiver.recorder(ID);
    await recorder.append("new\n");
  },
  restore: (archiver) => archiver.restore(ID, { keepArchive: true }),
  pruneSession: (archiver) => archiver.pruneSession(ID),
  pin: (archiver) => archiver.pin(ID, false),
};

const ON_ALL: Readonly<Record<string, Operation>> = {
  list: (archiver) => Array.fromAsync(archiver.list()),
  plan: (archiver) => Array.fromAsync(archiver.plan({ all: true, maxTotalBytes: 0 })),
  sweep: (archiver) => archiver.sweep({ maxTotalBytes: 0, graceDays: 0 }),
  prune: (archiver) => archiver.prune({ maxTotalBytes: 0, graceDays: 0, olderThanDays: 0 }),
  collect: (archiver) => archiver.gc({ graceDays: 0 }),
  verifyAll: (archiver) => archiver.verifyAll(),
};

/** Every operation on the session with this metadata, and on all: none touches what is another's. */
export async function tryMeta(sample: Sample, meta: Meta): Promise<void> {
  const counts = tally(OPERATIONS, ["done", ...ERROR_CODES]);
  const { archiver, ports, touched, blobs } = await open(sample, meta);
  const run = async (name: string, operation: Operation): Promise<string> => {
    let outcome = "done";
    try {
      await operation(archiver, ports);
    } catch (error) {
      outcome = codeOf(error) ?? "";
      if (outcome === "") throw new Error(`${name} failed without a code`, { cause: error });
    }
    counts.add(outcome);
    return outcome;
  };
  for (const [name, operation] of Object.entries(ON_THE_SESSION)) await run(name, operation);
  // Only keys made for this session were read, let alone changed.
  expect([...touched].filter((key) => sessionIdOf(key) !== ID && !isRecordKey(key))).toEqual([]);
  expect([...blobs].filter((id) => id !== ID)).toEqual([]);
  // One session must not keep the others from their turn.
  for (const [name, operation] of Object.entries(ON_ALL))
    expect([name, await run(name, operation)]).toEqual([name, "done"]);
  for (const [key, bytes] of victims.archives) expect(await toBytes(ports.archives.read(key))).toEqual(bytes);
  expect(await readText({ archiver } as Parameters<typeof readText>[0], VICTIM)).toBe(VICTIMS_TEXT);
}
