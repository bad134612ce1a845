/** Looking for the parts of archives, in folders with thousands of files. */
import { promises } from "node:fs";
import { mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { crc32, gzipSync } from "node:zlib";
import { combineCrc32 } from "@session-archiver/core/format";
import { afterEach, expect, test, vi } from "vitest";
import { type Found, findFiles } from "../src/import/find.js";

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const FOLDER = "0123456789ab/07";

/** Of the many, those whose archives lie in one folder. */
const IDS = Array.from({ length: 4000 }, (_, n) => `s${n}`).filter((id) => (crc32(id) & 0xff) === 7);

const newRoot = async (): Promise<string> => {
  const root = await realpath(await mkdtemp(join(tmpdir(), "parts-")));
  await mkdir(join(root, FOLDER), { recursive: true });
  return root;
};

const found = (root: string): Promise<Found> =>
  findFiles([root], { cwd: root, except: [], signal: new AbortController().signal });

const nameOf = (id: string, n: number, follows = ""): string =>
  `${id}.20260115t10000000${n}z.0123456789abcdef${follows}.jsonl.gz`;

test("a folder is looked into no more often for its number of archives", async () => {
  const root = await newRoot();
  const folder = join(root, FOLDER);
  expect(IDS.length).toBeGreaterThan(8);
  for (const id of IDS) {
    const text = `{"of":"${id}"}\n`;
    await writeFile(join(folder, nameOf(id, 0)), gzipSync(text));
    await writeFile(join(folder, nameOf(id, 1, `.follows-${text.length}-${crc32(text)}`)), gzipSync("{}\n"));
  }
  const readdir = vi.spyOn(promises, "readdir");
  syncBuiltinESMExports();
  const { files, leftOut } = await found(root);
  expect(files.map(({ parts }) => parts.length)).toEqual(IDS.map(() => 1));
  expect(leftOut).toEqual([]);
  expect(readdir.mock.calls.filter(([path]) => path === folder)).toHaveLength(2);
});

test("parts of more than 4 GiB, whose trailers can't say how long they are, are found too", async () => {
  const root = await newRoot();
  const [id = ""] = IDS;
  const sizes = [5 * 2 ** 30, 6 * 2 ** 30 + 1, 9 * 2 ** 30, 17];
  const names: string[] = [];
  let [before, crc] = [0, 0];
  for (const [n, size] of sizes.entries()) {
    const name = nameOf(id, n, n === 0 ? "" : `.follows-${before}-${crc}`);
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(n + 1, 0);
    trailer.writeUInt32LE(size % 2 ** 32, 4);
    await writeFile(join(root, FOLDER, name), trailer);
    names.push(name);
    before += size;
    crc = combineCrc32(crc, n + 1, size);
  }
  const { files } = await found(root);
  expect(files.map(({ parts }) => parts.map((path) => basename(path)))).toEqual([names.slice(1)]);
});
