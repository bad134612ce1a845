/** Names in the folder of what is held, ours and others. */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, symlink, writeFile } from "node:fs/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { copiedPath, coveringPath, parsePartName, partName } from "../../src/claim/part-names.js";
import type { PartKind } from "../../src/index.js";
import { claimRule, nodeFiles } from "../../src/index.js";
import { temporary } from "../support/temporary.js";

const at = Date.UTC(2026, 10, 28, 23, 3, 37, 123);
const id = "0123456789abcdef";

const kinds = fc.constantFrom<PartKind>("original", "fragment", "whole", "last-bytes");
const times = fc.integer({ min: 0, max: 253_402_300_799_999 });
const extents = fc.record({ size: fc.maxSafeNat(), crc32: fc.integer({ min: 0, max: 0xffffffff }) });

test("a name says what the part is", () => {
  expect(partName("original", at, id)).toBe("original.20261128t230337123z.0123456789abcdef");
  fc.assert(
    fc.property(kinds, times, (kind, time) => {
      expect(parsePartName(partName(kind, time, id))).toEqual({ kind, at: time });
    }),
  );
});

test("a name says what was copied, and never grows too long for a file system", () => {
  fc.assert(
    fc.property(
      times,
      fc.array(fc.option(extents, { nil: undefined }), { minLength: 1, maxLength: 7 }),
      (time, covers) => {
        const name = coveringPath(`/r/${partName("whole", time, id)}`, covers).slice(3);
        expect(parsePartName(name)).toEqual({ kind: "whole", at: time, covers });
        expect(name.length).toBeLessThan(255);
      },
    ),
  );
  fc.assert(
    fc.property(kinds, times, extents, extents, (kind, time, first, copied) => {
      const once = copiedPath(`/r/${partName(kind, time, id)}`, first);
      const name = copiedPath(once, copied).slice(3);
      expect(parsePartName(name)).toEqual({ kind: kind === "whole" ? "fragment" : kind, at: time, copied });
    }),
  );
});

test.each([
  "original",
  "original.20261128t230337123z",
  "original.20261128t230337123z.0123456789abcde",
  "original.20261128t230337123z.0123456789ABCDEF",
  "original.20260231t000000000z.0123456789abcdef",
  "original.20261128t250000000z.0123456789abcdef",
  "other.20261128t230337123z.0123456789abcdef",
  "original.20261128t230337123z.0123456789abcdef.n",
  "original.20261128t230337123z.0123456789abcdef.1-00000000_n",
  "original.20261128t230337123z.0123456789abcdef.01-00000000",
  "original.20261128t230337123z.0123456789abcdef.9999999999999999-00000000",
  "whole.20261128t230337123z.0123456789abcdef.",
  "original.20261128t230337123z.0123456789abcdef.jsonl",
])("%s is no part", (name) => {
  expect(parsePartName(name)).toBeUndefined();
});

test("parts are found at any depth, and nothing else is", async () => {
  await using folder = await temporary();
  const held = `${folder.path}/.session-archiver-held`;
  const long = "n".repeat(255);
  const part = partName("original", at, id);
  const last = "n".repeat(250);
  const deep = `${held}/a/${part}/${long}/${last}.held`;
  await mkdir(deep, { recursive: true });
  await mkdir(`${held}/b.held/${part}`, { recursive: true });
  await writeFile(`${deep}/${part}`, "x");
  await writeFile(`${held}/${part}`, "a part of no place");
  for (const name of ["a", ".held"]) {
    await mkdir(`${held}/${name}`, { recursive: true });
    await writeFile(`${held}/${name}/${part.replace("0", "1")}`, "a part of no place");
  }
  await writeFile(`${held}/b.held/notes.txt`, "x");
  await symlink(`${deep}/${part}`, `${held}/b.held/${partName("original", at, id.replace("0", "1"))}`);
  await symlink(folder.path, `${held}/b.held/link`);
  execFileSync("mkfifo", [`${held}/b.held/${partName("fragment", at, id)}`]);
  const found = await Array.fromAsync(claimRule.heldParts(nodeFiles(), folder.path, {}));
  expect(found).toMatchObject([
    { root: folder.path, path: `a/${part}/${long}/${last}`, at, kind: "original", location: `${deep}/${part}` },
  ]);
  expect(await readdir(`${held}/b.held`)).toHaveLength(5);
});

test("what lies behind a link is not ours", async () => {
  await using folder = await temporary();
  await mkdir(`${folder.path}/x/p`, { recursive: true });
  await writeFile(`${folder.path}/x/p/${partName("original", at, id)}`, "x");
  await symlink("x", `${folder.path}/.session-archiver-held`);
  expect(await Array.fromAsync(claimRule.heldParts(nodeFiles(), folder.path, {}))).toEqual([]);
});

test("a name from the end of time stops the next part, and is said", async () => {
  await using folder = await temporary();
  const held = `${folder.path}/.session-archiver-held/p.held`;
  await mkdir(held, { recursive: true });
  await writeFile(`${held}/${partName("original", 253_402_300_799_999, id)}`, "a\n");
  await writeFile(`${held}/${partName("fragment", 253_402_300_799_999, id)}`, "b\n");
  const parts = await Array.fromAsync(claimRule.heldParts(nodeFiles(), folder.path, {}));
  const check = { writers: async () => "nobody" as const };
  const ctx = { files: nodeFiles(), check, now: () => at, randomId: () => id };
  await expect(claimRule.putBack(ctx, parts, {})).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await readdir(held)).toHaveLength(2);
});
