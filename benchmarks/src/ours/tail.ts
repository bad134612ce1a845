/** Task: looks into one large archived session in an open process, here and there, and reads it all for comparison. */
import { type Archiver, type Bytes, createArchiver, toBytes } from "@session-archiver/core";
import { secondsSince, timed } from "../measure/sample.js";
import { median } from "../report/statistics.js";
import { openStores, type Where } from "./stores.js";
import { withoutManifests } from "./without-manifests.js";

export interface TailParams {
  readonly where: Where;
  readonly id: string;
  readonly rounds: number;
}

/** Seconds of each round, by what was read. */
export type TailResult = Readonly<Record<TailRead, readonly number[]>>;

export type TailRead =
  | "all of it"
  | "last 100 lines"
  | "last 100 lines, without manifest"
  | "20 pages of 50 lines back, 1,000 lines forth"
  | "the same pages, without manifest"
  | "100 lines in the middle"
  | "1 MB in the middle"
  | "the last hour"
  | "the last hour, without manifest";

const HOUR_MS = 60 * 60 * 1000;
/** What is short is repeated within a round, as the first pays for what the long one before it has left behind. */
const REPEATED_SECONDS = 0.5;
const MOST_REPEATS = 9;

export async function run({ where, id, rounds }: TailParams): Promise<TailResult> {
  await using stores = await openStores(where);
  const { archiver, ports, codec } = stores;
  const bare = createArchiver({ ...withoutManifests(ports), codec });
  const { rawBytes } = await archiver.info(id);
  const lines = (await countNewlines(archiver.read(id))) >> 1;
  const middle = rawBytes >> 1;
  const recent = lastTimestamp(Buffer.from(await toBytes(archiver.tail(id, 1000))).toString()) - HOUR_MS;

  const reads: Readonly<Record<TailRead, () => Promise<unknown>>> = {
    "all of it": () => drain(archiver.read(id)),
    "last 100 lines": () => drain(archiver.tail(id, 100)),
    "last 100 lines, without manifest": () => drain(bare.tail(id, 100)),
    "20 pages of 50 lines back, 1,000 lines forth": () => pages(archiver, id),
    "the same pages, without manifest": () => pages(bare, id),
    "100 lines in the middle": () => drain(archiver.lines(id, { from: lines, to: lines + 100 })),
    "1 MB in the middle": () => drain(archiver.read(id, { range: { start: middle, end: middle + 1e6 } })),
    "the last hour": () => drain(archiver.since(id, recent)),
    "the last hour, without manifest": () => drain(bare.since(id, recent)),
  };
  const names = Object.keys(reads) as TailRead[];
  const result = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<TailRead, number[]>;
  for (let round = 0; round < rounds; round++) {
    for (const name of names) result[name].push(await repeated(reads[name]));
  }
  return result;
}

async function repeated(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  const started = performance.now();
  do times.push(await timed(work));
  while (times.length < MOST_REPEATS && secondsSince(started) < REPEATED_SECONDS);
  return median(times);
}

async function drain(bytes: Bytes): Promise<void> {
  let total = 0;
  for await (const chunk of bytes) total += chunk.length;
  if (total === 0) throw new Error("Nothing was read.");
}

async function pages(archiver: Archiver, id: string): Promise<void> {
  const lines = await archiver.openLines(id);
  const count = await lines.lineCount();
  for (let page = 1; page <= 20; page++) await lines.lines(count - page * 50, count - (page - 1) * 50);
  if ((await lines.lines(count - 1000, count)).length !== 1000) throw new Error("Lines are gone.");
}

async function countNewlines(bytes: Bytes): Promise<number> {
  let count = 0;
  for await (const chunk of bytes) {
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) count++;
  }
  return count;
}

/** Unix ms. */
function lastTimestamp(lines: string): number {
  const last = [...lines.matchAll(/"timestamp":"(\d{4}-[^"]+Z)"/g)].at(-1)?.[1];
  if (last === undefined) throw new Error("The last 1,000 lines have no timestamp.");
  return Date.parse(last);
}
