/** What the tests share: an archiver on memory whose clock and random ids are the test's own. */
import { memoryArchives } from "../src/adapter.js";
import { manifestsApart } from "../src/format/inline-manifest.js";
import { isRecordKey } from "../src/format.js";
import {
  type Archiver,
  type ArchiverEvent,
  type ArchiverOptions,
  type ArchiveSink,
  type Bytes,
  bytesOf,
  createArchiver,
  type Meta,
  memoryPorts,
  type Ports,
  toBytes,
} from "../src/index.js";

export const DAY = 24 * 60 * 60 * 1000;

export const NOW: number = Date.UTC(2026, 10, 22);

/** Metadata of a session that a sweep archives. */
export const IDLE = { "session:last_activity_ms": NOW - 30 * DAY, "session:line_count": 5 };

/** Options for a world whose manifests can be lost, or damaged, without their archives. */
export const APART: Partial<ArchiverOptions> = { policy: { inlineManifestBytes: 0 } };

export interface World {
  readonly archiver: Archiver;
  readonly ports: Ports;
  /** The sink as the archiver sees it: inline manifests under keys of their own. */
  readonly shown: ArchiveSink;
  readonly events: ArchiverEvent[];
  now: number;
}

export function world(options: Partial<ArchiverOptions> = {}): World {
  const ports: Ports = { ...memoryPorts(), archives: memoryArchives(() => self.now), ...options };
  const events: ArchiverEvent[] = [];
  const self: World = {
    ports,
    get shown() {
      return manifestsApart(ports.archives);
    },
    events,
    now: NOW,
    archiver: createArchiver({ ...ports, now: () => self.now, onEvent: (event) => events.push(event), ...options }),
  };
  return self;
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A session as a host would have it: its object and its output blob. */
export async function makeSession(
  { ports }: World,
  id: string,
  output: string | Uint8Array,
  meta: Record<string, string | number | boolean> = {},
): Promise<void> {
  const bytes = typeof output === "string" ? encode(output) : output;
  await ports.objects.put(id, { view: "agent", ...meta }, null);
  await ports.blobs.create({ id, name: "output" }, `live-${id}`, bytesOf(bytes));
}

/** Lines with their line ends; the last one may have none. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** Of a world with {@link APART}: an inline manifest can't be lost alone. */
export async function loseManifests(w: World): Promise<void> {
  for (const key of await keysOf(w)) if (key.endsWith(".json")) await w.ports.archives.delete(key);
}

export async function readText({ archiver }: World, id: string): Promise<string> {
  return new TextDecoder().decode(await toBytes(archiver.read(id)));
}

/** Its metadata as they are stored; none of a session that there isn't. */
export async function metaOf({ ports }: World, id = "s"): Promise<Meta> {
  return (await ports.objects.get(id))?.meta ?? {};
}

export function eventsOf({ events }: World, type: ArchiverEvent["type"]): readonly ArchiverEvent[] {
  return events.filter((event) => event.type === type);
}

/** Keys in the sink, run records excepted. */
export async function keysOf(w: World): Promise<string[]> {
  return (await allKeysOf(w)).filter((key) => !isRecordKey(key));
}

/** Bytes in the sink, run records excepted. */
export async function sinkBytes(w: World): Promise<number> {
  const infos = await Promise.all((await keysOf(w)).map((key) => w.shown.stat(key)));
  return infos.reduce((sum, info) => sum + (info?.size ?? 0), 0);
}

export async function recordsOf(w: World): Promise<string[]> {
  return (await allKeysOf(w)).filter(isRecordKey);
}

async function allKeysOf({ shown }: World): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of shown.list()) keys.push(key);
  return keys.sort();
}

/** Lines like an agent's, deterministic. */
export function jsonl(lines: number, seed = 1): string {
  let state = seed;
  const random = (): number => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return state;
  };
  return Array.from({ length: lines }, (_, i) => {
    const timestamp = new Date(NOW - DAY * 30 + i * 1000).toISOString();
    const words = Array.from({ length: 1 + (random() % 30) }, () => (random() % 5000).toString(36)).join(" ");
    return `${JSON.stringify({ type: "user", uuid: `${seed}-${i}`, timestamp, message: { role: "user", content: words } })}\n`;
  }).join("");
}

/** Lines of some 1 KB that compress well: a session of several segments at little cost. */
export function longLines(lines: number, seed = 1): string {
  return Array.from({ length: lines }, (_, i) => {
    const timestamp = new Date(NOW - DAY * 30 + i * 1000).toISOString();
    const content = `${seed}.${i} `.padEnd(920, "all work and no play makes a dull log; ");
    return `${JSON.stringify({ type: "user", timestamp, message: { role: "user", content } })}\n`;
  }).join("");
}

/** Lets reads of live output or of archives give a long part of a buffer, and then its short rest. */
export function shareBuffers<Given extends unknown[]>(port: { read(...given: Given): Bytes }): void {
  const { read } = port;
  port.read = async function* (...given) {
    const all = await toBytes(read.call(port, ...given));
    for (let at = 0; at < all.length; at += 100_000) {
      const both = all.slice(at, at + 100_000);
      yield both.subarray(0, -10);
      yield both.subarray(-10);
    }
  };
}
