/** `placeholders`: files whose bytes a sync program keeps elsewhere. */
import { rename, stat, truncate, unlink, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { realProbes } from "../../src/doctor/probes.js";
import { archiveFile, newStore, only } from "../support/doctor.js";

async function stub(path: string): Promise<string> {
  const placeholder = join(dirname(path), `.${basename(path)}.icloud`);
  await rename(path, placeholder);
  await writeFile(placeholder, "bplist00");
  return placeholder;
}

test("the stubs of older versions of iCloud Drive, with their sessions", async () => {
  const { home, find } = await newStore();
  await stub(await archiveFile(home, "archived"));
  const finding = only(await find(), "placeholders");
  expect(finding).toMatchObject({
    severity: "warning",
    sessions: ["archived"],
    message: expect.stringContaining("a file"),
  });
  expect(finding.repair).toBeUndefined();
});

test("those of a catalogue, and of a session in plain files", async () => {
  const { home, find } = await newStore();
  await stub(join(home, "sessions.db"));
  expect((await find()).map(({ kind }) => kind)).toEqual(expect.arrayContaining(["catalogue-missing", "placeholders"]));
  const plain = await newStore("fs");
  await stub(join(plain.home, "store/live.session.json"));
  expect(only(await plain.find(), "placeholders").severity).toBe("warning");
});

test("a stub of somebody else's file does not count", async () => {
  const { home, find } = await newStore();
  await writeFile(join(home, "archives/.letter.txt.icloud"), "bplist00");
  expect(await find()).toEqual([]);
});

test("files that macOS calls dataless", async () => {
  const { home, find } = await newStore();
  const archive = await archiveFile(home, "archived");
  const { size } = await stat(archive);
  // As evicted: the size stays, and no block is left.
  await truncate(archive, 0);
  await truncate(archive, size);
  expect((await stat(archive)).blocks).toBe(0);
  const dataless = async (folder: string) => (archive.startsWith(folder) ? [archive, join(folder, "of-others")] : []);
  const finding = only(await find({ platform: "darwin" }, { dataless }), "placeholders");
  expect(finding).toMatchObject({ sessions: ["archived"], severity: "warning" });
  expect(finding.message).toContain("The bytes of a file are");
  // Without the system's word no blocks mean nothing: it may be a file system that compresses.
  expect(await find({ platform: "darwin" })).toEqual([]);
  expect(await find({ platform: "linux" }, { dataless })).toEqual([]);
});

test.skipIf(process.platform === "darwin")("other systems are not asked", async () => {
  const { home } = await newStore();
  expect(await realProbes("linux").dataless(home)).toEqual([]);
});

test("a stub beside the file that it stood for is no matter", async () => {
  const { home, find } = await newStore();
  const archive = await archiveFile(home, "archived");
  await writeFile(join(dirname(archive), `.${basename(archive)}.icloud`), "bplist00");
  expect(await find()).toEqual([]);
  await unlink(archive);
  expect((await find()).map(({ kind }) => kind)).toEqual(["placeholders"]);
});
