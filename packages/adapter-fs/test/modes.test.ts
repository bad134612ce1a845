/** Everything the store writes is for its owner only, under any umask, and while it is being written. */
import { chmod, lstat, readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Bytes } from "@session-archiver/core";
import { bytesOf } from "@session-archiver/core";
import { expect, onTestFinished, test } from "vitest";
import { openFs, openFsArchives } from "../src/index.js";
import { temporary } from "./support/temporary.js";

const LONG = "long/".repeat(60);

/** What a store and a sink consist of. There is no search index and no configuration file yet. */
const KINDS: Readonly<Record<string, RegExp>> = {
  "the home, and a folder above it that was missing": /^(above|above\/home)$/,
  "the folder of the sessions": /^above\/home\/store$/,
  "the store's notes": /\/store\/store\.json$/,
  "a session's object": /\/store\/a\/b\.session\.json$/,
  "a session's output": /\/store\/a\/b\/output@1\.jsonl$/,
  "the size of an output that has grown": /\/store\/a\/b\/output@1\.size$/,
  "a sidecar": /\/store\/a\/b\/sub@1\.blob$/,
  "the text of a long name": /\/\.names\/[0-9a-f]{64}$/,
  "a lock": /\/store\/\.lock$/,
  "a staging folder": /\/(store|archives)\/\.staging$/,
  "a staged file": /\/\.staging\/\d+-.*\.tmp$/,
  "an archive": /\/archives\/s1\/3f\/x\.jsonl\.gz$/,
  "a manifest": /\/archives\/s1\/3f\/x\.json$/,
  "a run record": /\/archives\/s1\/runs\/r\.json$/,
  "a damaged archive set aside": /\/archives\/quarantine\/s1\/3f%2fx\.jsonl\.gz\.damaged$/,
  "a sink of its own": /^above\/sink\/x\.json$/,
};

interface Entry {
  readonly path: string;
  readonly mode: string;
}

async function entriesIn(folder: string): Promise<readonly Entry[]> {
  const names = await readdir(folder, { recursive: true });
  const entries = await Promise.all(
    names.map(async (name) => ({ path: relative(folder, join(folder, name)), stats: await lstat(join(folder, name)) })),
  );
  // A link's own mode means nothing.
  return entries
    .filter(({ stats }) => !stats.isSymbolicLink())
    .map(({ path, stats }) => ({
      path,
      mode: `${stats.isDirectory() ? "folder" : "file"} ${(stats.mode & 0o777).toString(8)}`,
    }));
}

test.skipIf(process.platform === "win32").each([0o000, 0o022])("under umask %o", async (umask) => {
  const before = process.umask(umask);
  onTestFinished(() => void process.umask(before));
  await using directory = await temporary();
  const home = join(directory.path, "above", "home");
  await using store = openFs(home);
  await using sink = openFsArchives(join(directory.path, "above", "sink"));
  const { objects, blobs, archives } = store;
  const seen: Entry[] = [];
  const look = async (): Promise<void> => void seen.push(...(await entriesIn(directory.path)));
  /** Looks in the middle of a write. */
  async function* body(): Bytes {
    yield new Uint8Array(10);
    await look();
    yield new Uint8Array(10);
  }

  await objects.ownMeta?.put({ id: "0123456789ab" }, null);
  await objects.put("a/b", {}, null);
  await objects.put(LONG, {}, null);
  const at = await blobs.create({ id: "a/b", name: "output" }, "1", body());
  await blobs.append(at, new Uint8Array(5));
  await blobs.create({ id: "a/b", name: "sub" }, "1", bytesOf());
  await archives.put("s1/3f/x.jsonl.gz", body());
  await archives.put("s1/3f/x.json", body());
  await archives.put("s1/runs/r.json", body());
  await archives.put("quarantine/s1/3f/x.jsonl.gz.damaged", body());
  await archives.put(`${LONG}x.json`, body());
  await sink.put("x.json", body());
  await look();

  expect(seen.filter(({ mode }) => mode !== "folder 700" && mode !== "file 600")).toEqual([]);
  const missing = Object.entries(KINDS).filter(([, path]) => !seen.some((entry) => path.test(entry.path)));
  expect(missing.map(([kind]) => kind)).toEqual([]);
});

test.skipIf(process.platform === "win32")("a lock that an older version has made is left as it is", async () => {
  await using directory = await temporary();
  const file = join(directory.path, "store", ".lock");
  {
    await using store = openFs(directory.path);
    await store.objects.put("a", {}, null);
  }
  await chmod(file, 0o644);
  await using again = openFs(directory.path);
  await again.objects.put("b", {}, null);
  expect((await stat(file)).mode & 0o777).toBe(0o644);
});
