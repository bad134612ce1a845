/** Exports of damaged archives: no whole file, and CORRUPT. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { bytesOf, toBytes } from "../../../src/index.js";
import { jsonl, loseManifests, type World, world } from "../../support.js";
import { archiveOf, changeArchive, make } from "./support.js";

/** What an export as gzip gives, and the error that ends it, with these bytes in the archive's place. */
async function given(
  w: World,
  key: string,
  stored: Uint8Array | undefined,
): Promise<{ bytes: Uint8Array; error: unknown }> {
  const undo = changeArchive(w, key, stored);
  const chunks: Uint8Array[] = [];
  let error: unknown;
  try {
    for await (const chunk of (await w.archiver.export("s", { as: "gzip" })).bytes) chunks.push(chunk);
  } catch (reason) {
    error = reason;
  }
  undo();
  return { bytes: await toBytes(bytesOf(...chunks)), error };
}

describe.each(["with its manifest", "without its manifest"])("an archive, %s,", (manifest) => {
  async function archived(): Promise<{ w: World; key: string; bytes: Uint8Array }> {
    const w = world();
    await make(w, "archived", jsonl(5));
    const { key, bytes } = await archiveOf(w);
    if (manifest.startsWith("without")) await loseManifests(w);
    return { w, key, bytes };
  }

  test("is copied as it is", async () => {
    const { w, key, bytes } = await archived();
    expect(await given(w, key, bytes)).toEqual({ bytes, error: undefined });
    expect(await w.archiver.export("s", { as: "gzip" })).toMatchObject({ copied: true, size: bytes.length });
  });

  // Every third: all bits of all bytes are flipped in proof/hostile.
  test("with any byte changed is CORRUPT, and what was given is no whole file", async () => {
    const { w, key, bytes } = await archived();
    for (let at = 0; at < bytes.length; at += 3) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      const outcome = await given(w, key, changed);
      expect([at, outcome.error]).toMatchObject([at, { code: "CORRUPT", id: "s" }]);
      expect(outcome.bytes.length).toBeLessThan(bytes.length);
    }
  });

  test("that is cut off, goes on after its end or is gone is CORRUPT", async () => {
    const { w, key, bytes } = await archived();
    const changes: (Uint8Array | undefined)[] = [
      bytes.subarray(0, 0),
      bytes.subarray(0, 100),
      bytes.subarray(0, -1),
      Uint8Array.of(...bytes, 0),
      Uint8Array.of(...bytes, ...bytes),
      undefined,
    ];
    for (const [n, changed] of changes.entries()) {
      const outcome = await given(w, key, changed);
      expect([n, outcome.error]).toMatchObject([n, { code: "CORRUPT", id: "s" }]);
      expect(() => gunzipSync(outcome.bytes)).toThrow();
      expect(outcome.bytes.length).toBeLessThan(bytes.length);
    }
  });
});
