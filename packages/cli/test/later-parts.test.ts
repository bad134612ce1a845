/** Looking for the parts of archives, in folders with thousands of files. */
import { promises } from "node:fs";
import { mkdir, mkdtemp, realpath, writeFile } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32, gzipSync } from "node:zlib";
import { afterEach, expect, test, vi } from "vitest";
import { findFiles } from "../src/import/find.js";

afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});

const nameOf = (id: string, n: number, follows = ""): string =>
  `${id}.20260115t10000000${n}z.0123456789abcdef${follows}.jsonl.gz`;

test("a folder is looked into no more often for its number of archives", async () => {
  const root = await realpath(await mkdtemp(join(tmpdir(), "parts-")));
  const ids = Array.from({ length: 4000 }, (_, n) => `s${n}`).filter((id) => (crc32(id) & 0xff) === 7);
  expect(ids.length).toBeGreaterThan(8);
  const folder = join(root, "0123456789ab/07");
  await mkdir(folder, { recursive: true });
  for (const id of ids) {
    const text = `{"of":"${id}"}\n`;
    await writeFile(join(folder, nameOf(id, 0)), gzipSync(text));
    await writeFile(join(folder, nameOf(id, 1, `.follows-${text.length}-${crc32(text)}`)), gzipSync("{}\n"));
  }
  const readdir = vi.spyOn(promises, "readdir");
  syncBuiltinESMExports();
  const { files, leftOut } = await findFiles([root], { cwd: root, except: [], signal: new AbortController().signal });
  expect(files.map(({ parts }) => parts.length)).toEqual(ids.map(() => 1));
  expect(leftOut).toEqual([]);
  expect(readdir.mock.calls.filter(([path]) => path === folder)).toHaveLength(2);
});
