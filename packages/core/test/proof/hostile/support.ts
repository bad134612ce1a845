/** What the hostile tests share: sample stores that can be opened with some of their bytes changed, and every way to read. */
import { afterAll } from "vitest";
import { isRecordKey } from "../../../src/format.js";
import {
  type Archiver,
  type ArchiverEvent,
  bytesOf,
  type Codec,
  createArchiver,
  type Meta,
  memoryPorts,
  type Ports,
  toBytes,
} from "../../../src/index.js";
import { linesOf, makeSession, NOW, type World, world } from "../../support.js";

/** More cases of everything that is drawn at random, and all where a bounded run takes some: 1 if not given. */
export const FUZZ: number = Math.max(1, Number(process.env["SESSION_ARCHIVER_FUZZ"] ?? 1) || 1);

export const ID = "s";

/** A session at rest in the archive (or resumed), as its stores hold it. */
export interface Sample {
  readonly name: string;
  readonly meta: Meta;
  /** The live blobs, by name: generation and bytes. */
  readonly blobs: ReadonlyMap<string, { readonly generation: string; readonly bytes: Uint8Array }>;
  readonly archives: ReadonlyMap<string, Uint8Array>;
  /** What the session's output is. */
  readonly text: string;
}

export async function sampleOf(name: string, { ports }: Pick<World, "ports">, text: string): Promise<Sample> {
  const blobs = new Map<string, { generation: string; bytes: Uint8Array }>();
  for await (const ref of ports.blobs.list(ID)) {
    blobs.set(ref.key.name, { generation: ref.generation, bytes: await toBytes(ports.blobs.read(ref)) });
  }
  const archives = new Map<string, Uint8Array>();
  for await (const { key } of ports.archives.list()) {
    if (!isRecordKey(key)) archives.set(key, await toBytes(ports.archives.read(key)));
  }
  return { name, meta: (await ports.objects.get(ID))?.meta ?? {}, blobs, archives, text };
}

/** Sessions of every shape that an archive can have, as small as they can be. */
export async function samples(codec?: Codec): Promise<readonly Sample[]> {
  const first = lines(4, 1);
  const made: Sample[] = [];
  const one = world({ codec });
  await makeSession(one, ID, first);
  await one.archiver.archive(ID);
  await dropOrphans(one);
  made.push(await sampleOf("one segment", one, first));

  let text = first;
  for (const more of [lines(3, 2), "an open ", "line\n\n", lines(2, 3)]) {
    await one.archiver.recorder(ID).append(more);
    text += more;
    await one.archiver.archive(ID);
  }
  await dropOrphans(one);
  made.push(await sampleOf("five segments, of four merges", one, text));

  const side = world({ codec });
  await makeSession(side, ID, first);
  await side.ports.blobs.create({ id: ID, name: "notes" }, "live-n", bytesOf(encode("a note\n")));
  await side.archiver.archive(ID);
  await side.archiver.recorder(ID).append("live\n");
  made.push(await sampleOf("resumed, with a sidecar", side, `${first}live\n`));
  return made;
}

async function dropOrphans({ archiver }: World): Promise<void> {
  await archiver.gc({ graceDays: 0 });
}

/** Lines with times, blank ones among them. */
export function lines(count: number, seed: number): string {
  return Array.from({ length: count }, (_, i) => {
    const timestamp = new Date(NOW + (seed * 100 + i) * 1000).toISOString();
    return `${JSON.stringify({ timestamp, n: `${seed}.${i}` })}\n${i === 1 ? "\n" : ""}`;
  }).join("");
}

export interface Opened {
  readonly archiver: Archiver;
  readonly ports: Ports;
  readonly events: readonly ArchiverEvent[];
}

/** The sample in stores of its own, with some sink objects, or the metadata, replaced; `undefined` takes one away. */
export async function open(
  sample: Sample,
  changes: {
    readonly archives?: Readonly<Record<string, Uint8Array | undefined>> | undefined;
    readonly meta?: Meta | undefined;
    readonly codec?: Codec | undefined;
  } = {},
): Promise<Opened> {
  const ports = memoryPorts();
  await ports.objects.put(ID, changes.meta ?? sample.meta, null);
  for (const [name, { generation, bytes }] of sample.blobs) {
    await ports.blobs.create({ id: ID, name }, generation, bytesOf(bytes));
  }
  const replaced = changes.archives ?? {};
  for (const [key, bytes] of sample.archives) {
    const stored = key in replaced ? replaced[key] : bytes;
    if (stored) await ports.archives.put(key, bytesOf(stored));
  }
  const events: ArchiverEvent[] = [];
  const onEvent = (event: ArchiverEvent): void => void events.push(event);
  return { ports, events, archiver: createArchiver({ ...ports, codec: changes.codec, now: () => NOW, onEvent }) };
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function flip(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

/** Every so manieth of `count` cases, for about `most` in a bounded run: a prime, so that all bits of a byte have their turn. */
export function strideFor(count: number, most: number): number {
  const wanted = Math.ceil(count / (most * FUZZ));
  return wanted <= 1 ? 1 : (PRIMES.find((prime) => prime >= wanted) ?? wanted);
}

const PRIMES = [3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 127];

/** One way to get at a session's bytes. */
export interface Way {
  readonly name: string;
  /** What it gives, and all of it before it fails, in `got`. */
  run(opened: Opened, sample: Sample, got: Uint8Array[]): Promise<void>;
  /** What that should be. */
  wanted(sample: Sample): string;
  /** Whether it changes the stores: then they are looked at afterwards. */
  readonly changes?: true;
}

async function gather(bytes: AsyncIterable<Uint8Array>, got: Uint8Array[]): Promise<void> {
  for await (const chunk of bytes) got.push(chunk);
}

const cut = (text: string, start: number, end: number): string =>
  new TextDecoder().decode(encode(text).subarray(start, end));
const lineTexts = (text: string): readonly string[] => linesOf(text);
const middle = (text: string): number => Math.floor(lineTexts(text).length / 2);

/** Every way to read, verify and restore. */
export const WAYS: readonly Way[] = [
  { name: "read", run: ({ archiver }, _, got) => gather(archiver.read(ID), got), wanted: ({ text }) => text },
  {
    name: "range",
    run: ({ archiver }, _, got) => gather(archiver.read(ID, { range: { start: 40, end: 90 } }), got),
    wanted: ({ text }) => cut(text, 40, 90),
  },
  {
    name: "tail",
    run: ({ archiver }, _, got) => gather(archiver.tail(ID, 2), got),
    wanted: ({ text }) => lineTexts(text).slice(-2).join(""),
  },
  {
    name: "lines",
    run: ({ archiver }, { text }, got) => gather(archiver.lines(ID, { from: middle(text), to: middle(text) + 2 }), got),
    wanted: ({ text }) =>
      lineTexts(text)
        .slice(middle(text), middle(text) + 2)
        .join(""),
  },
  {
    name: "since",
    run: ({ archiver }, _, got) => gather(archiver.since(ID, NOW + 102_000), got),
    wanted: ({ text }) => text.slice(text.indexOf(lineTexts(text).find((line) => line.includes('"1.2"')) ?? "")),
  },
  {
    name: "numbered",
    async run({ archiver }, { text }, got) {
      const at = middle(text);
      const lines = await archiver.openLines(ID);
      for (const line of await lines.lines(at - 2, at + 1)) got.push(encode(`${line.index} ${line.text}\n`));
      got.push(encode(`of ${await lines.lineCount()}`));
    },
    wanted({ text }) {
      const at = middle(text);
      const all = lineTexts(text);
      const numbered = all.slice(at - 2, at + 1).map((line, i) => `${at - 2 + i} ${line}`);
      return `${numbered.join("")}of ${all.length}`;
    },
  },
  { name: "verify", run: ({ archiver }) => archiver.verify(ID), wanted: () => "" },
  {
    name: "restore",
    changes: true,
    async run({ archiver, ports }, _, got) {
      await archiver.restore(ID);
      const ref = await ports.blobs.stat({ id: ID, name: "output" });
      if (ref) await gather(ports.blobs.read(ref), got);
    },
    wanted: ({ text }) => text,
  },
  {
    name: "merge",
    changes: true,
    async run({ archiver }, _, got) {
      await archiver.recorder(ID).append("more\n");
      await archiver.archive(ID);
      await gather(archiver.read(ID), got);
      await archiver.verify(ID);
    },
    wanted: ({ text }) => `${text}more\n`,
  },
];

/** right: just the bytes. refused: `CORRUPT`, after none but right bytes. unproven: wrong, with the warning that says so. */
export type Outcome = "right" | "refused" | "unproven";

/** What a way makes of changed bytes; throws for wrong bytes given as right ones, and for any error but `CORRUPT`. */
export async function outcomeOf(way: Way, sample: Sample, opened: Opened): Promise<Outcome> {
  const got: Uint8Array[] = [];
  const wanted = way.wanted(sample);
  let refused = false;
  try {
    await way.run(opened, sample, got);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (code !== "CORRUPT" || !message) throw error;
    refused = true;
  }
  const text = Buffer.concat(got).toString("latin1");
  const right = Buffer.from(wanted).toString("latin1");
  if (refused ? right.startsWith(text) : text === right) return refused ? "refused" : "right";
  const isWarned = opened.events.some((event) => event.type === "warning" && event.message.includes("goes unnoticed"));
  if (isWarned) return "unproven";
  throw new Error(`${way.name} gave ${JSON.stringify(text.slice(0, 300))}, not ${JSON.stringify(right.slice(0, 300))}`);
}

/** Counts outcomes by what was tried, and prints them when the file's tests are over: see the table in docs/crash-safety.md. */
export function tally(what: string): { add(outcome: string): void; readonly counts: Readonly<Record<string, number>> } {
  const counts: Record<string, number> = {};
  const all = totals.get(what) ?? {};
  totals.set(what, all);
  return {
    counts,
    add(outcome) {
      counts[outcome] = (counts[outcome] ?? 0) + 1;
      all[outcome] = (all[outcome] ?? 0) + 1;
    },
  };
}

const totals = new Map<string, Record<string, number>>();

afterAll(() => {
  for (const [what, counts] of totals) {
    const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
    console.info(`[hostile] ${what}: ${total}`, JSON.stringify(counts));
  }
});
