/** What a claim leaves aside, and what later runs make of it. */
import { mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { ArchiverError } from "@session-archiver/core";
import { afterAll, expect, test } from "vitest";
import { claimRule, nodeFiles } from "../../src/index.js";
import { ARCHIVED, extent } from "../support/lab.js";
import { laboratory } from "../support/laboratory.js";
import { startWriter } from "../support/writer.js";

const writer = startWriter();
afterAll(() => writer[Symbol.asyncDispose]());

const ONE = '{"n":3}\n';

test("neither a clock that was set back nor a name from the future makes a part old", async () => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  const finish = async () => claimRule.finish(lab.quiet(), await lab.parts(), extent(ARCHIVED), {});
  for (const hours of [-100, 100, 23.99]) {
    lab.later(hours);
    expect(await finish()).toMatchObject({ outcome: "held", reason: "it was not aside for 24 hours yet" });
  }
  lab.later(0.01);
  expect(await finish()).toMatchObject({ outcome: "freed" });
});

test("after 24 hours a file stays while a program is seen to have it open", async () => {
  await using lab = await laboratory(writer, true);
  await lab.open();
  await lab.claim();
  expect(await lab.finish()).toMatchObject({ outcome: "held", reason: "a program has it open" });
  await lab.close();
  expect(await lab.finish()).toMatchObject({ outcome: "freed" });
});

test("what is not known to be archived goes back", async () => {
  await using lab = await laboratory(writer, false);
  for (const archived of [undefined, extent(`${ARCHIVED}{}\n`), { ...extent(ARCHIVED), crc32: 1 }]) {
    await lab.claim();
    lab.later(30);
    expect((await claimRule.finish(lab.quiet(), await lab.parts(), archived, {})).outcome).toBe("back");
    expect(await lab.content()).toBe(ARCHIVED);
    await lab.start();
  }
});

test("another version at the place stays, and so does what is aside until it is archived", async () => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  const other = `{"n":0,"head":true}\n${ONE}`;
  await writeFile(lab.place, other);
  lab.later(30);
  const result = await claimRule.finish(lab.quiet(), await lab.parts(), undefined, {});
  expect(result).toMatchObject({ outcome: "held", reason: "another file was put in its place" });
  expect((await lab.finish(1))?.outcome).toBe("back");
  expect(await lab.parts()).toEqual([]);
  expect(await lab.content()).toBe(other);
});

test("the agent may know better whether a file lacks its beginning", async () => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  await writeFile(lab.place, '{"a new head":1}\n');
  const ctx = { ...lab.quiet(), isFragment: () => false };
  expect((await claimRule.putBack(ctx, await lab.parts(), {})).outcome).toBe("held");
  await claimRule.putBack({ ...ctx, isFragment: () => true }, await lab.parts(), {});
  expect(await lab.content()).toBe(`${ARCHIVED}{"a new head":1}\n`);
});

test("a folder at the place stays", async () => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  await mkdir(lab.place);
  const reason = "no plain file, but a folder, is at its place";
  expect(await lab.putBack()).toMatchObject({ outcome: "held", reason });
  expect(await lab.parts()).toHaveLength(1);
});

test("folders that have gone are made again, and links among them are not followed", async () => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  await rename(`${lab.root}/p`, `${lab.root}/elsewhere`);
  await symlink(`${lab.root}/elsewhere`, `${lab.root}/p`);
  expect(await lab.putBack()).toMatchObject({ outcome: "held" });
  expect(await readdir(`${lab.root}/elsewhere`)).toEqual([]);
  await rm(`${lab.root}/p`);
  expect(await lab.putBack()).toMatchObject({ outcome: "back" });
  expect(await lab.content()).toBe(ARCHIVED);
});

test("without room for the whole, its parts stay, and a later run makes it", async () => {
  await using lab = await laboratory(writer, false);
  const full = {
    ...nodeFiles(),
    write: async () => {
      throw new ArchiverError("QUOTA", "The disk is full.");
    },
  };
  await lab.claim();
  await lab.append(ONE);
  await expect(claimRule.putBack(lab.quiet(full), await lab.parts(), {})).rejects.toMatchObject({ code: "QUOTA" });
  expect((await lab.parts()).map(({ kind }) => kind)).toEqual(["original", "fragment"]);
  expect((await lab.putBack())?.outcome).toBe("back");
  expect(await lab.content()).toBe(ARCHIVED + ONE);
});

test("more pieces than a name has room for stay aside, and this is said", async () => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  const folder = `${lab.root}/.session-archiver-held/p/s.jsonl.held`;
  for (let n = 10; n < 30; n++) {
    await writeFile(`${folder}/fragment.20260102t0000000${n}z.00000000000000${n}`, `{"m":${n}}\n`);
  }
  expect((await lab.putBack())?.reason).toBe("it lies in 21 pieces, too many for one name");
  expect(await lab.parts()).toHaveLength(21);
});
