/** A collector without a grace period may delete an archive between its appearing and the sync of its directory. */
import * as fs from "node:fs/promises";
import { bytesOf } from "@session-archiver/core";
import { afterEach, expect, test, vi } from "vitest";
import { openFs } from "../src/index.js";
import { temporary } from "./support/temporary.js";

vi.mock("node:fs/promises", { spy: true });
afterEach(() => vi.resetAllMocks());

test("defect: a put failed whose archive another process deleted the moment it appeared", async () => {
  await using directory = await temporary();
  await using store = openFs(directory.path);
  await using other = openFs(directory.path);
  const { link } = await vi.importActual<typeof fs>("node:fs/promises");
  vi.mocked(fs.link).mockImplementationOnce(async (from, to) => {
    await link(from, to);
    await other.archives.delete("a/b/c.jsonl.gz");
  });
  await expect(store.archives.put("a/b/c.jsonl.gz", bytesOf(new Uint8Array(9)))).resolves.toMatchObject({ size: 9 });
  expect(await store.archives.stat("a/b/c.jsonl.gz")).toBeUndefined();
  await store.archives.put("a/b/d.jsonl.gz", bytesOf(new Uint8Array(9)));
  expect(await store.archives.stat("a/b/d.jsonl.gz")).toMatchObject({ size: 9 });
});
