/**
 * Metadata that somebody else has written: it may cost its own session, but every operation ends in its work or with a
 * code, and nothing is read, written or deleted that belongs to another.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
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
import { DAY, keysOf, makeSession, NOW, readText, world } from "../../support.js";
import { encode, FUZZ, ID, lines, type Sample, sampleOf, samples, tally } from "./support.js";

const SAMPLES = await samples();
const VICTIM = "victim";
const VICTIMS_TEXT = lines(3, 7);
const victims = await victimOf();

async function victimOf(): Promise<{ readonly meta: Meta; readonly archives: ReadonlyMap<string, Uint8Array> }> {
  const w = world();
  await makeSession(w, VICTIM, VICTIMS_TEXT);
  await w.archiver.archive(VICTIM);
  const { archives } = await sampleOf("victim", w, VICTIMS_TEXT);
  // Pinned, so that no prune may take it, and idle.
  return { meta: { ...(await w.ports.objects.get(VICTIM))?.meta, [KEY.pinned]: true }, archives };
}

const victimsKeys = [...victims.archives.keys()];
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
const VALUES: readonly Json[] = [
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
const KEYS = Object.values(KEY);

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

async function tryMeta(sample: Sample, meta: Meta): Promise<void> {
  const counts = tally("operations on hostile metadata");
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
  // What was made for this session is all that was looked at, let alone changed.
  expect([...touched].filter((key) => sessionIdOf(key) !== ID && !isRecordKey(key))).toEqual([]);
  expect([...blobs].filter((id) => id !== ID)).toEqual([]);
  // One session must not keep the others from their turn.
  for (const [name, operation] of Object.entries(ON_ALL))
    expect([name, await run(name, operation)]).toEqual([name, "done"]);
  for (const [key, bytes] of victims.archives) expect(await toBytes(ports.archives.read(key))).toEqual(bytes);
  expect(await readText({ archiver } as Parameters<typeof readText>[0], VICTIM)).toBe(VICTIMS_TEXT);
}

describe.each(SAMPLES)("$name", (sample) => {
  test("every key with every wrong value", async () => {
    const some = VALUES.filter((_, i) => FUZZ > 1 || i % 6 === SAMPLES.indexOf(sample) * 2);
    for (const key of KEYS) for (const value of some) await tryMeta(sample, { ...sample.meta, [key]: value });
  });

  test("every property of an archived file with every wrong value", async () => {
    const [file, ...others] = sample.meta[KEY.archiveFiles] as Meta[];
    const some = VALUES.filter((_, i) => FUZZ > 1 || i % 6 === SAMPLES.indexOf(sample) * 2);
    for (const key of [...Object.keys(file ?? {}), "restoring"]) {
      for (const value of some) {
        await tryMeta(sample, { ...sample.meta, [KEY.archiveFiles]: [{ ...file, [key]: value }, ...others] as Json });
      }
    }
  });

  test("several wrong ones at once", async () => {
    const value = fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>);
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.constantFrom(...KEYS), value), fc.boolean(), (wrong, whole) =>
        tryMeta(sample, { ...(whole ? sample.meta : {}), ...wrong }),
      ),
      { numRuns: 40 * FUZZ },
    );
  });
});

test("the victim's whole metadata under another's id reads, deletes and keeps nothing of it", async () => {
  const [sample] = SAMPLES;
  if (!sample) throw new Error("no sample");
  for (const more of [{}, { [KEY.prunedAt]: 1 }, { [KEY.keptArchives]: victimsKeys, [KEY.condemned]: victimsKeys }]) {
    const { pinned: _, ...meta } = victims.meta as Meta & { pinned?: Json };
    await tryMeta(sample, { ...meta, [KEY.pinned]: null, ...more });
  }
});

test("defect: one session whose metadata can't be understood kept all others' waste from being collected", async () => {
  const w = world();
  for (const id of ["a", "good"]) {
    await makeSession(w, id, lines(3, 1));
    await w.archiver.archive(id);
    await w.archiver.restore(id);
  }
  const object = await w.ports.objects.get("a");
  await w.ports.objects.put("a", { ...object?.meta, [KEY.archivedAt]: 5 }, object?.version ?? "");
  const { keys } = await w.archiver.gc({ graceDays: 0 });
  expect(new Set(keys.map(sessionIdOf))).toEqual(new Set(["good"]));
  expect(w.events).toContainEqual(expect.objectContaining({ type: "warning", id: "a", code: "CORRUPT" }));
});

test("defect: metadata alone could make live bytes be deleted for an archive that is not there", async () => {
  const forge = async (operation: (archiver: Archiver) => Promise<unknown>): Promise<void> => {
    const w = world();
    await makeSession(w, ID, "all there is\n");
    const object = await w.ports.objects.get(ID);
    const path = `${ID}.20260101t000000000z-0123456789abcdef.jsonl.gz`;
    const sizes = { liveBytes: 13, bytes: 13, storedBytes: 40, crc32: 1, lines: 1 };
    const files = [{ name: "output", path, generation: `live-${ID}`, ...sizes }];
    const meta = { ...object?.meta, [KEY.archivedAt]: 1, [KEY.archiveFiles]: files, [KEY.settlingAt]: 1 };
    await w.ports.objects.put(ID, meta, object?.version ?? "");
    await expect(operation(w.archiver)).rejects.toMatchObject({ code: "CORRUPT", id: ID });
    const left = await w.ports.blobs.stat({ id: ID, name: "output" });
    expect(left && (await toBytes(w.ports.blobs.read(left)))).toEqual(encode("all there is\n"));
  };
  await forge((archiver) => archiver.settle(ID));
  await forge((archiver) => archiver.archive(ID));
  await forge((archiver) => archiver.restore(ID));
  await forge((archiver) => archiver.pruneSession(ID));
});

test("defect: negative counts in the metadata kept a recorder from writing its stats for ever", async () => {
  const w = world();
  await makeSession(w, ID, lines(3, 1));
  const object = await w.ports.objects.get(ID);
  const wrong = { [KEY.countedTo]: { bytes: -5, newlines: 3, openLine: 7 }, [KEY.lineCount]: 3 };
  await w.ports.objects.put(ID, { ...object?.meta, ...wrong }, object?.version ?? "");
  const recorder = w.archiver.recorder(ID);
  await recorder.append("more\n");
  await recorder.close();
  expect((await w.archiver.info(ID)).lineCount).toBe(4);
});

test("defect: a noted generation that is none made a restore that never ended", async () => {
  for (const restoring of [null, "", 7, "x".repeat(2000)]) {
    const w = world();
    await makeSession(w, ID, "x\n");
    await w.archiver.archive(ID);
    const object = await w.ports.objects.get(ID);
    const [file] = (object?.meta[KEY.archiveFiles] ?? []) as Meta[];
    const wrong = { [KEY.archiveFiles]: [{ ...file, restoring }] as Json };
    await w.ports.objects.put(ID, { ...object?.meta, ...wrong }, object?.version ?? "");
    await expect(w.archiver.restore(ID)).rejects.toMatchObject({ code: "CORRUPT", id: ID });
  }
});

test("sizes and counts that can't be right are shown as none", async () => {
  const w = world();
  for (const [i, wrong] of [1e308, -1, 0.5, "5", null].entries()) {
    const meta = {
      [KEY.lineCount]: wrong,
      [KEY.archiveBytes]: wrong,
      [KEY.archivedRawBytes]: wrong,
      [KEY.lostBytes]: wrong,
    };
    await w.ports.objects.put(`${i}`, { ...meta, [KEY.prunedAt]: 1, [KEY.purgedAt]: 1 }, null);
    expect(await w.archiver.info(`${i}`)).toMatchObject({ lineCount: 0, rawBytes: 0, totalBytes: 0 });
  }
});

test("defect: a clock that was wrong by millennia made keys of another form", async () => {
  for (const now of [-8.64e15, -1, 0, 253_402_300_800_000, 8.64e15]) {
    const w = world({ now: () => now });
    await makeSession(w, ID, "x\n");
    await w.archiver.archive(ID);
    expect(await readText(w, ID)).toBe("x\n");
    expect((await keysOf(w)).map(sessionIdOf)).toEqual([ID, ID]);
  }
});
