/** What is claimed, and what is not. */
import { chmod, link, mkdir, readdir, readFile, rename, symlink, utimes, writeFile } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import type { Files } from "../../src/files.js";
import { claimRule, nodeFiles } from "../../src/index.js";
import { ARCHIVED, at, extent } from "../support/lab.js";
import { laboratory } from "../support/laboratory.js";
import { stepped } from "../support/stepped.js";
import { startWriter } from "../support/writer.js";

const writer = startWriter();
afterAll(() => writer[Symbol.asyncDispose]());
test.each([
  { name: "is longer", change: (place: string) => writeFile(place, `${ARCHIVED}{}\n`) },
  { name: "has another mtime", change: (place: string) => utimes(place, 1, 1) },
  { name: "has another mode, and so another ctime", change: (place: string) => chmod(place, 0o644) },
  {
    name: "was replaced",
    change: (place: string) => writeFile(`${place}.new`, ARCHIVED).then(() => rename(`${place}.new`, place)),
  },
  { name: "has a second name", change: (place: string) => link(place, `${place}.two`) },
  {
    name: "is a link",
    change: (place: string) => rename(place, `${place}.real`).then(() => symlink(`${place}.real`, place)),
  },
  { name: "is gone", change: (place: string) => rename(place, `${place}.gone`) },
])("a file that $name is not claimed", async ({ change }) => {
  await using lab = await laboratory(writer, true);
  const claimed = lab.claimed(await lab.look());
  await change(lab.place);
  const before = await readdir(`${lab.root}/p`);
  const result = await claimRule.claim(lab.quiet(), [claimed], {});
  expect(result).toMatchObject({ outcome: "conflict", freedDiskBytes: 0, heldDiskBytes: 0 });
  expect(await readdir(`${lab.root}/p`)).toEqual(before);
  expect(await readdir(lab.root)).toEqual(["p"]);
});

test("a file that had several names when it was archived is not claimed", async () => {
  await using lab = await laboratory(writer, true);
  await link(lab.place, `${lab.place}.two`);
  const result = await claimRule.claim(lab.quiet(), [lab.claimed(await lab.look())], {});
  expect(result).toMatchObject({ outcome: "conflict", reason: '"p/s.jsonl" has several names' });
  expect(await readdir(`${lab.root}/p`)).toEqual(["s.jsonl", "s.jsonl.two"]);
});

test("a file with other bytes than those that are archived is not claimed", async () => {
  await using lab = await laboratory(writer, true);
  const claimed = { ...lab.claimed(await lab.look()), crc32: 1 };
  expect((await claimRule.claim(lab.quiet(), [claimed], {})).outcome).toBe("conflict");
  expect(await lab.content()).toBe(ARCHIVED);
});

test("a second claim waits until the first is ended", async () => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  await lab.start();
  const result = await claimRule.claim(lab.quiet(), [lab.claimed(await lab.look())], {});
  expect(result).toMatchObject({ outcome: "conflict", reason: expect.stringContaining("an earlier claim") });
});

test("where links can't be made, nothing is moved", async () => {
  await using lab = await laboratory(writer, true);
  const files: Files = { ...nodeFiles(), link: () => Promise.reject(new Error("no links")) };
  await expect(claimRule.claim(lab.quiet(files), [lab.claimed(await lab.look())], {})).rejects.toThrow("no links");
  expect(await readdir(lab.root)).toEqual(["p"]);
  expect(await lab.content()).toBe(ARCHIVED);
});

test("the folder of what is held may not be a link", async () => {
  await using lab = await laboratory(writer, true);
  await mkdir(`${lab.root}/elsewhere`);
  await symlink("elsewhere", `${lab.root}/.session-archiver-held`);
  const claimed = lab.claimed(await lab.look());
  await expect(claimRule.claim(lab.quiet(), [claimed], {})).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await lab.content()).toBe(ARCHIVED);
  expect(await readdir(`${lab.root}/elsewhere`)).toEqual([]);
  expect(await lab.parts()).toEqual([]);
});

test.each([true, false])(
  "a line that comes right after the rename brings the whole file back at once",
  async (shows) => {
    await using lab = await laboratory(writer, shows);
    const files: Files = {
      ...nodeFiles(),
      async rename(from, to) {
        const wasThere = await nodeFiles().rename(from, to);
        if (from === lab.place && to.includes("/original.")) await lab.append("{}\n");
        return wasThere;
      },
    };
    const result = await claimRule.claim(lab.quiet(files), [lab.claimed(await lab.look())], {});
    expect(result).toMatchObject({ outcome: "back", reason: "a program wrote to its place while it was taken" });
    expect(await lab.content()).toBe(`${ARCHIVED}{}\n`);
    expect((await lab.parts()).length).toBe(shows ? 0 : 2);
    expect(result.heldDiskBytes > 0).toBe(!shows);
  },
);

test("a place whose part would have too long a path is left alone", async () => {
  await using lab = await laboratory(writer, true);
  const folder = Array.from({ length: 15 }, () => "n".repeat(255)).join("/");
  const path = `${folder}/${"n".repeat(220)}`;
  await mkdir(`${lab.root}/${folder}`, { recursive: true });
  await writeFile(`${lab.root}/${path}`, ARCHIVED, { mode: 0o600 });
  const look = await nodeFiles().look(`${lab.root}/${path}`);
  if (!look) throw new Error("There is no file.");
  const claimed = { root: lab.root, path, look, ...extent(ARCHIVED) };
  await expect(claimRule.claim(lab.quiet(), [claimed], {})).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(await readFile(`${lab.root}/${path}`, "utf8")).toBe(ARCHIVED);
  expect((await readdir(lab.root)).filter((name) => name.startsWith("."))).toEqual([]);
});

test("a file that another run puts back at that moment is not called freed", async () => {
  await using lab = await laboratory(writer, true);
  const check = {
    writers: async () => {
      const [part] = await lab.parts();
      await link(part?.location ?? "", lab.place);
      return "nobody" as const;
    },
  };
  const claimed = lab.claimed(await lab.look());
  expect((await claimRule.claim({ ...lab.quiet(), check }, [claimed], {})).outcome).toBe("back");
  expect(await lab.content()).toBe(ARCHIVED);
  expect(await lab.parts()).toEqual([]);
});

test("an abort puts everything back", async () => {
  await using lab = await laboratory(writer, true);
  const ends = new Set<string>();
  for (let call = 1; call <= 40; call++) {
    const controller = new AbortController();
    const { files, step } = stepped(
      nodeFiles(),
      at(call, async () => controller.abort()),
    );
    const claimed = lab.claimed(await lab.look());
    const end = await claimRule.claim(lab.context(files, step), [claimed], { signal: controller.signal }).then(
      ({ outcome }) => outcome,
      (error) => error.code,
    );
    ends.add(end);
    expect(await lab.content()).toBe(end === "freed" ? undefined : ARCHIVED);
    if (end === "freed") await lab.start();
    expect(await lab.parts()).toEqual([]);
  }
  expect([...ends].sort()).toEqual(["ABORTED", "freed"]);
});

test.each(["", "/p/s.jsonl", "../s.jsonl", "p/../../s.jsonl", "p//s.jsonl", "p/s.jsonl\0", ".session-archiver-held/x"])(
  "the path %j is refused",
  async (path) => {
    await using lab = await laboratory(writer, true);
    const claimed = { ...lab.claimed(await lab.look()), path };
    const refused = { code: "INVALID_ARGUMENT" };
    await expect(claimRule.claim(lab.quiet(), [claimed], {})).rejects.toMatchObject(refused);
  },
);

test("no files, or one twice, are refused", async () => {
  await using lab = await laboratory(writer, true);
  const claimed = lab.claimed(await lab.look());
  const refused = { code: "INVALID_ARGUMENT" };
  await expect(claimRule.claim(lab.quiet(), [], {})).rejects.toMatchObject(refused);
  await expect(claimRule.claim(lab.quiet(), [claimed, claimed], {})).rejects.toMatchObject(refused);
  await expect(claimRule.finish(lab.quiet(), [], undefined, {})).rejects.toMatchObject(refused);
});
