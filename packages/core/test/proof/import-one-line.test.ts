/** One new line on a large session costs little, whatever the codec. */
import { describe, expect, test } from "vitest";
import type { Codec, ImportSource, Ports } from "../../src/index.js";
import { world } from "../support.js";

const MIB = 1024 * 1024;

describe("one new line", () => {
  /** Compresses nothing: of an archive as much is read as there can be. */
  const stored: Codec = {
    concurrency: 1,
    deflate(raw) {
      const blocks = [];
      for (let at = 0; at <= raw.length; at += 65535) {
        const piece = raw.subarray(at, at + 65535);
        const [low, high] = [piece.length & 255, piece.length >> 8];
        blocks.push(Uint8Array.of(0, low, high, ~low & 255, ~high & 255), piece);
      }
      blocks.push(Uint8Array.of(0, 0, 0, 255, 255));
      return new Uint8Array(Buffer.concat(blocks));
    },
    inflate(deflated) {
      const pieces = [];
      for (let at = 0; ; ) {
        const length = (deflated[at + 1] ?? 0) | ((deflated[at + 2] ?? 0) << 8);
        pieces.push(deflated.subarray(at + 5, at + 5 + length));
        if (deflated[at] === 1) return new Uint8Array(Buffer.concat(pieces));
        at += 5 + length;
      }
    },
  };

  /** A source of `lines` lines of 1,000 bytes, made as they are read. */
  function linesSource(count: number): ImportSource & { bytesRead(): number } {
    let read = 0;
    const line = (i: number): string => {
      const head = `{"timestamp":"${new Date(Date.UTC(2026, 9, 1) + i * 1000).toISOString()}","n":"`;
      return `${head}${"x".repeat(997 - head.length)}"}\n`;
    };
    return {
      size: count * 1000,
      version: String(count),
      async *read({ start, end }) {
        for (let at = start; at < end; ) {
          const i = Math.floor(at / 1000);
          const lines = Array.from({ length: Math.min(500, count - i) }, (_, more) => line(i + more)).join("");
          const chunk = Buffer.from(lines).subarray(at - i * 1000, end - i * 1000);
          read += chunk.length;
          at += chunk.length;
          yield new Uint8Array(chunk);
        }
      },
      bytesRead: () => read,
    };
  }

  function countReads(ports: Ports): () => number {
    let bytes = 0;
    for (const port of [ports.blobs, ports.archives]) {
      const { read } = port;
      port.read = async function* (...args: Parameters<typeof read>) {
        for await (const chunk of (read as (...given: unknown[]) => AsyncIterable<Uint8Array>)(...args)) {
          bytes += chunk.length;
          yield chunk;
        }
      } as never;
    }
    return () => bytes;
  }

  test("on an archived session of 140 MB reads at most 4 MiB of source and store", async () => {
    const w = world({ codec: stored, openSource: async () => linesSource(140_001) });
    const read = countReads(w.ports);
    await w.archiver.import("s", linesSource(140_000));
    await w.archiver.archive("s");
    const before = read();
    const grown = linesSource(140_001);
    expect(await w.archiver.import("s", grown)).toMatchObject({ outcome: "appended", addedBytes: 1000 });
    const total = read() - before + grown.bytesRead();
    console.log(`[import] one new line on 140 MB: ${total} bytes read, ${grown.bytesRead()} of them of the source`);
    expect(total).toBeLessThanOrEqual(4 * MIB);
    expect(await w.archiver.info("s")).toMatchObject({ lineCount: 140_001, rawBytes: 140_001_000 });
  });
});
