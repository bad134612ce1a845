/** A session's whole life on one store, its bytes compared after each step. */
import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import { type Archiver, type ArchiverOptions, bytesOf, createArchiver } from "@session-archiver/core";
import { after, before, ID } from "./transcript.js";

/** Ends with the session in the archive; it holds {@link before} and {@link after}. */
export async function live(store: ArchiverOptions): Promise<void> {
  const archiver = createArchiver(store);
  const bytes = new TextEncoder().encode(before);
  await archiver.import(ID, bytesOf(bytes.subarray(0, 1_000_001), bytes.subarray(1_000_001)));
  await expect(archiver, "live", before);

  await archiver.archive(ID);
  await expect(archiver, "archived", before);
  await expectExport(archiver, before);

  const recorder = archiver.recorder(ID);
  await recorder.append(after);
  await recorder.close();
  await expect(archiver, "resumed", before + after);
  const report = await archiver.sweep({ inactiveDays: 0 });
  assert.equal(report.archivedCount, 1);
  await expect(archiver, "archived", before + after);

  await archiver.restore(ID);
  await expect(archiver, "live", before + after);
  await archiver.archive(ID);
  await archiver.gc({ graceDays: 0 });
  await expectWhole(archiver);
}

/** What {@link live} has left, perhaps in another runtime. */
export async function expectWhole(archiver: Archiver): Promise<void> {
  await expect(archiver, "archived", before + after);
  await expectExport(archiver, before + after);
  assert.deepEqual((await archiver.verifyAll()).bad, []);
}

async function expect(archiver: Archiver, state: string, text: string): Promise<void> {
  assert.equal((await archiver.info(ID)).state, state);
  assert.ok((await archiver.read(ID).text()) === text, `${state}: other bytes`);
  const lines = text.split(/(?<=\n)/);
  assert.equal(await archiver.tail(ID, 3).text(), lines.slice(-3).join(""));
  assert.equal(await archiver.lines(ID, { from: 9_000, to: 9_002 }).text(), lines.slice(9_000, 9_002).join(""));
}

async function expectExport(archiver: Archiver, text: string): Promise<void> {
  const { copied, bytes } = await archiver.export(ID, { as: "gzip" });
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  assert.ok(copied, "an export is the archive's own bytes");
  assert.ok(gunzipSync(Buffer.concat(parts)).toString() === text, "an export: other bytes");
}
