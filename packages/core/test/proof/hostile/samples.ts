/** Sample stores that can be opened with some of their bytes changed. */
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
import { APART, encode, makeSession, NOW, type World, world } from "../../support.js";

export const ID = "s";

/** An archived (or resumed) session, as its stores hold it. */
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
  const one = world({ codec, ...APART });
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

  const side = world({ codec, ...APART });
  await makeSession(side, ID, first);
  await side.ports.blobs.create({ id: ID, name: "notes" }, "live-n", bytesOf(encode("a note\n")));
  await side.archiver.archive(ID);
  await side.archiver.recorder(ID).append("live\n");
  made.push(await sampleOf("resumed, with a sidecar", side, `${first}live\n`));
  return made;
}

/** One whose manifest is inline: a single object in the sink. */
export async function inlineSample(): Promise<Sample> {
  const w = world();
  await makeSession(w, ID, lines(4, 1));
  await w.archiver.archive(ID);
  return sampleOf("one segment, manifest inline", w, lines(4, 1));
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
