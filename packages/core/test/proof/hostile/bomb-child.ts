/** Opens a bomb in a process of its own: `bomb-child.ts <bomb> <codec>` prints the outcome and how far its memory grew. */
import { constants, deflateRawSync } from "node:zlib";
import { KEY, memoryArchives } from "../../../src/adapter.js";
import { HEADER, MARKER, trailer } from "../../../src/format/gzip/frame.js";
import { crc32 } from "../../../src/format.js";
import {
  type ArchiveSink,
  bytesOf,
  codeOf,
  createArchiver,
  fflateCodec,
  type Meta,
  memoryPorts,
  nativeCodec,
} from "../../../src/index.js";

const MIB = 1024 * 1024;
/** A larger run comes close to the 64 MiB that a manifest may have. */
const MANIFEST_MIB = Number(process.env["SESSION_ARCHIVER_FUZZ"] ?? 1) > 1 ? 60 : 16;
const STEM = "s.20260101t000000000z-0123456789abcdef";
const FILE = `${STEM}.jsonl.gz`;
const MANIFEST = `${STEM}.json`;

/** 1 MiB of zeros in a block that needs nothing before it: as many as one likes make a bomb. */
const ZEROS = deflateRawSync(new Uint8Array(MIB), { level: 9, finishFlush: constants.Z_SYNC_FLUSH });

function repeated(bytes: Uint8Array, times: number): Uint8Array {
  return Buffer.concat(Array.from({ length: times }, () => bytes));
}

interface Bomb {
  readonly file: Uint8Array;
  readonly rawBytes: number;
  /** Text of the manifest. */
  readonly manifest?: Uint8Array;
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

function manifestFor(file: Uint8Array, rawBytes: number, segments: readonly (readonly number[])[]): Uint8Array {
  const sizes = { rawBytes, storedBytes: file.length, crc32: 0, storedCrc32: 0, lines: 1, newlines: 0 };
  const entry = { name: "output", key: FILE, generation: "g", ...sizes, segments };
  return encode(JSON.stringify({ format: 1, id: "s", createdAt: 1, meta: {}, files: [entry] }));
}

function framed(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat([HEADER, ...parts, trailer(0, MIB)]);
}

function gigabyte(): Uint8Array {
  return framed(repeated(ZEROS, 1024), MARKER);
}

const BOMBS: Readonly<Record<string, () => Bomb>> = {
  /** A segment of 1 GiB that claims 1 MiB. */
  "lying manifest": () => {
    const file = gigabyte();
    return { file, rawBytes: MIB, manifest: manifestFor(file, MIB, [[10, file.length - 20, 0, MIB, 0, 0]]) };
  },
  "no manifest": () => ({ file: gigabyte(), rawBytes: MIB }),
  /** 100,000 false segment ends, none of which inflates to anything right. */
  "false ends": () => ({ file: framed(Uint8Array.of(7), repeated(MARKER, 100_000)), rawBytes: MIB }),
  /** More segments than any manifest could tell of, of a byte each. */
  "tiny segments": () => {
    const tiny = deflateRawSync(Uint8Array.of(10), { finishFlush: constants.Z_SYNC_FLUSH });
    return { file: framed(repeated(Buffer.concat([tiny, MARKER]), 3 * MIB)), rawBytes: 3 * MIB };
  },
  /** Nothing but `[`. */
  "deep manifest": () => ({ file: framed(), rawBytes: MIB, manifest: new Uint8Array(MANIFEST_MIB * MIB).fill(0x5b) }),
  "deep, closed manifest": () => ({
    file: framed(),
    rawBytes: MIB,
    manifest: Buffer.concat([0x5b, 0x5d].map((byte) => new Uint8Array((MANIFEST_MIB * MIB) / 2).fill(byte))),
  }),
  "long manifest": () => ({
    file: framed(),
    rawBytes: MIB,
    manifest: encode(`[${"{},".repeat((MANIFEST_MIB * MIB) / 3)}{}]`),
  }),
  "manifest of many rows": () => {
    const rows = "[10,0,0,0,0,0],".repeat((MANIFEST_MIB * MIB) / 16);
    const text = new TextDecoder().decode(manifestFor(framed(), 0, []));
    return {
      file: framed(),
      rawBytes: MIB,
      manifest: encode(text.replace('"segments":[', () => `"segments":[${rows}[10,0,0,0,0,0]`)),
    };
  },
};

const [name = "", codecName = ""] = process.argv.slice(2);
const bomb = BOMBS[name]?.();
if (!bomb) throw new Error(`There is no bomb "${name}".`);
const { file, manifest, rawBytes } = bomb;
const sizes = { liveBytes: rawBytes, bytes: rawBytes, storedBytes: file.length, crc32: 0, lines: 1 };
const meta: Meta = {
  [KEY.archivedAt]: 1,
  [KEY.archiveFiles]: [{ name: "output", path: FILE, generation: "g", ...sizes }],
  [KEY.manifestKey]: MANIFEST,
  [KEY.archiveBytes]: file.length + (manifest?.length ?? 0),
  ...(manifest ? { [KEY.manifestCrc32]: crc32(manifest) } : {}),
};
const archives: ArchiveSink = memoryArchives();
await archives.put(FILE, bytesOf(file));
if (manifest) await archives.put(MANIFEST, bytesOf(manifest));
const ports = { ...memoryPorts(), archives };
await ports.objects.put("s", meta, null);
const archiver = createArchiver({ ...ports, codec: codecName === "native" ? nativeCodec() : fflateCodec() });
const before = process.resourceUsage().maxRSS;
const began = performance.now();
const outcomes: string[] = [];
for (const way of [
  () => archiver.read("s"),
  () => archiver.tail("s", 1),
  () => archiver.lines("s", { from: 0, to: 5 }),
]) {
  let bytes = 0;
  try {
    for await (const chunk of way()) bytes += chunk.length;
    outcomes.push(`gave ${bytes}`);
  } catch (error) {
    outcomes.push(`${codeOf(error) ?? error} after ${bytes}`);
  }
}
const grownMb = Math.round((process.resourceUsage().maxRSS - before) / 1024);
console.log(JSON.stringify({ outcomes, grownMb, seconds: Math.round((performance.now() - began) / 100) / 10 }));
