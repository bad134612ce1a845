/** Compares the archive bytes of sessions with `gzip -6` of each. */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { bytesOf, createArchiver, memoryPorts, OUTPUT } from "@session-archiver/core";
import { toolVersion } from "../report/machine.js";
import { NOT_INSTALLED, type Series } from "../report/series.js";
import type { Part } from "./part.js";

interface Stored {
  readonly ours: number;
  readonly manifest: number;
  /** `undefined` if gzip isn't installed. */
  readonly gzip: number | undefined;
}

const MIB = 1024 * 1024;
const GZIP = "gzip -6";
const CLASSES = [
  { name: "sessions over 1 MiB", holds: (bytes: number) => bytes > MIB, atMost: 1.015 },
  // Equal except for the segment's end mark of 17 bytes.
  { name: "sessions up to 1 MiB", holds: (bytes: number) => bytes <= MIB, atMost: 1.005 },
] as const;

export const storedSizePart: Part = {
  name: "size",
  about: "what sessions take up, against gzip -6 of each",
  async run({ data }) {
    const { files } = await data.sessions();
    const hasGzip = toolVersion("gzip") !== undefined;
    const all: { readonly bytes: number; readonly stored: Stored }[] = [];
    for (const { path, bytes } of files) all.push({ bytes, stored: await store(await readFile(path), hasGzip) });
    const classes = CLASSES.map((each) => ({
      ...each,
      stored: all.filter(({ bytes }) => each.holds(bytes)).map(({ stored }) => stored),
    })).filter(({ stored }) => stored.length > 0);
    return {
      part: "size",
      title: "Stored size of sessions; zlib codec, level 6",
      facts: {
        ...Object.fromEntries(classes.map(({ name, stored }) => [name, stored.length])),
        "worst session": "the one that takes up most beside gzip",
      },
      series: classes.flatMap(({ name, stored }) => [
        ...both(`${name}, all`, stored),
        ...both(`${name}, worst`, [worstOf(stored)]),
        bytesSeries(`${name}, all: manifests`, [sum(stored.map(({ manifest }) => manifest))]),
      ]),
      claims: classes.flatMap(({ name, atMost }) =>
        ["all", "worst"]
          .filter((which) => which === "all" || atMost > 1.01)
          .map((which) => ({
            kind: "size" as const,
            of: `${name}, ${which}: ours`,
            than: `${name}, ${which}: ${GZIP}`,
            atMost,
          })),
      ),
    };
  },
};

async function store(session: Buffer, hasGzip: boolean): Promise<Stored> {
  const ports = memoryPorts();
  const archiver = createArchiver({ ...ports, codec: zlibCodec() });
  await ports.objects.put("s", { view: "agent" }, null);
  await ports.blobs.create({ id: "s", name: OUTPUT }, "live-1", bytesOf(session));
  await archiver.archive("s");
  let ours = 0;
  let manifest = 0;
  for await (const { key, size } of ports.archives.list()) {
    if (key.endsWith(".json")) manifest += size;
    else ours += size;
  }
  return { ours, manifest, gzip: hasGzip ? gzipSize(session) : undefined };
}

function gzipSize(session: Buffer): number {
  const { status, stdout } = spawnSync("gzip", ["-6", "-n", "-c"], { input: session, maxBuffer: session.length + MIB });
  if (status !== 0) throw new Error(`gzip ended with exit code ${status}.`);
  return stdout.length;
}

function both(name: string, stored: readonly Stored[]): readonly Series[] {
  const gzip = stored.flatMap((each) => each.gzip ?? []);
  return [
    bytesSeries(`${name}: ours`, [sum(stored.map(({ ours }) => ours))]),
    gzip.length === 0
      ? { ...bytesSeries(`${name}: ${GZIP}`, []), note: NOT_INSTALLED }
      : bytesSeries(`${name}: ${GZIP}`, [sum(gzip)]),
  ];
}

function bytesSeries(name: string, samples: readonly number[]): Series {
  return { name, unit: "bytes", samples, peaksMiB: [] };
}

function worstOf(stored: readonly Stored[]): Stored {
  const ratio = ({ ours, gzip }: Stored): number => ours / (gzip ?? ours);
  return stored.reduce((worst, each) => (ratio(each) > ratio(worst) ? each : worst));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
