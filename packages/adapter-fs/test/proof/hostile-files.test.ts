/** Foreign things in a store's directory: links, pipes, devices, directories, files without rights. */
import { execFileSync, spawnSync } from "node:child_process";
import * as fs from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bytesOf, codeOf, createArchiver, toBytes } from "@session-archiver/core";
import { checkName } from "@session-archiver/core/adapter";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type FsStore, openFs } from "../../src/index.js";
import { temporary } from "../support/temporary.js";

const FUZZ = Math.max(1, Number(process.env["SESSION_ARCHIVER_FUZZ"] ?? 1) || 1);
const TEXT = '{"n":1}\n'.repeat(100);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function makeSession(store: FsStore, id: string): Promise<void> {
  await store.objects.put(id, { view: "agent", "session:last_activity_ms": 1, "session:line_count": 1 }, null);
  await store.blobs.create({ id, name: "output" }, "live-1", bytesOf(encode(TEXT)));
}

/** Every file of a session or archive, below the store. */
async function filesBelow(path: string): Promise<readonly string[]> {
  const entries = await fs.readdir(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Everything that may be in a file's place. Each is made at `path`; links lead into `outside`. */
const INSTEAD: Readonly<Record<string, (path: string, outside: string) => Promise<unknown>>> = {
  "a link to a file": (path, outside) => fs.symlink(join(outside, "secret"), path),
  "a link to a directory": (path, outside) => fs.symlink(outside, path),
  "a dangling link": (path, outside) => fs.symlink(join(outside, "nowhere"), path),
  "a link to itself": (path) => fs.symlink(path, path),
  "a link to a device": (path) => fs.symlink("/dev/zero", path),
  "a directory": (path) => fs.mkdir(path),
  "a directory that is not empty": (path) => fs.mkdir(join(path, "below"), { recursive: true }),
  "a pipe": async (path) => execFileSync("mkfifo", [path]),
  "an empty file": (path) => fs.writeFile(path, ""),
  "a sparse file of 3 GiB": async (path) => {
    await fs.writeFile(path, "");
    await fs.truncate(path, 3 * 1024 ** 3);
  },
  "binary bytes": (path) =>
    fs.writeFile(
      path,
      Uint8Array.from({ length: 4096 }, (_, i) => i),
    ),
  "JSON of a million levels": (path) => fs.writeFile(path, "[".repeat(1_000_000) + "]".repeat(1_000_000)),
};

test.each(Object.entries(INSTEAD))(
  "%s in place of a file: a code, nothing outside touched, the others whole",
  { timeout: 120_000 },
  async (what, put) => {
    await using template = await temporary();
    await using outside = await temporary();
    await fs.writeFile(join(outside.path, "secret"), "theirs");
    {
      await using store = openFs(template.path);
      for (const id of ["bad", "bad-live", "good"]) await makeSession(store, id);
      const archiver = createArchiver(store);
      for (const id of ["bad", "good"]) await archiver.archive(id);
      const recorder = archiver.recorder("bad-live");
      await recorder.append("more\n");
      await recorder.close();
    }
    // Not those of "good" whose random key happens to hold these letters.
    const places = (await filesBelow(template.path)).filter((file) => file.includes("/bad"));
    expect(places.length).toBe(5);
    const outcomes: Record<string, number> = {};
    for (const place of places) {
      await using copy = await temporary();
      await fs.cp(template.path, copy.path, { recursive: true });
      const target = place.replace(template.path, copy.path);
      await fs.rm(target);
      await put(target, outside.path);
      const skipped: Error[] = [];
      await using store = openFs(copy.path, { onSkipped: (error) => skipped.push(error) });
      const archiver = createArchiver(store);
      const run = async (operation: () => Promise<unknown>): Promise<void> => {
        let outcome = "done";
        try {
          await operation();
        } catch (error) {
          outcome = codeOf(error) ?? "";
          if (outcome === "") throw new Error(`${what} for ${place} failed without a code`, { cause: error });
        }
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      };
      const isSparse = what.startsWith("a sparse");
      for (const id of ["bad", "bad-live"]) {
        // 3 GiB of zeros as live output are output like any other.
        const isOutput = isSparse && target.endsWith(".jsonl");
        if (!isOutput) await run(() => toBytes(archiver.read(id)));
        await run(() => toBytes(archiver.tail(id, 1)));
        await run(() => archiver.info(id));
        if (!isOutput) await run(() => archiver.verify(id));
        if (!isOutput) await run(() => archiver.archive(id));
        if (!isOutput) await run(() => archiver.restore(id));
      }
      await run(() => archiver.gc({ graceDays: 0 }));
      if (!(isSparse && target.endsWith(".jsonl"))) await run(() => archiver.sweep({ inactiveDays: 0 }));
      await run(() => archiver.prune({ graceDays: 0 }));
      const listed = (await Array.fromAsync(store.objects.list())).map(({ id }) => id);
      expect(listed).toContain("good");
      expect(new TextDecoder().decode(await toBytes(archiver.read("good")))).toBe(TEXT);
      expect(await fs.readdir(outside.path)).toEqual(["secret"]);
      expect(await fs.readFile(join(outside.path, "secret"), "utf8")).toBe("theirs");
    }
    console.info(`[hostile] ${what} in place of ${places.length} files:`, JSON.stringify(outcomes));
  },
);

test("a hard link to somebody's file is read as the store's, and deleting it leaves theirs", async () => {
  await using directory = await temporary();
  await using outside = await temporary();
  await using store = openFs(directory.path);
  await store.archives.put("a.json", bytesOf(encode("mine")));
  const theirs = join(outside.path, "theirs");
  await fs.writeFile(theirs, "theirs");
  const [file = ""] = await filesBelow(join(directory.path, "archives"));
  await fs.rm(file);
  await fs.link(theirs, file);
  await expect(store.archives.put("a.json", bytesOf(encode("new")))).rejects.toMatchObject({ code: "CONFLICT" });
  await store.archives.delete("a.json");
  expect(await fs.readFile(theirs, "utf8")).toBe("theirs");
});

test("defect: an id that no put takes was found under another's", async () => {
  await using directory = await temporary();
  const skipped: Error[] = [];
  await using store = openFs(directory.path, { onSkipped: (error) => skipped.push(error) });
  for (const id of ["\ufffd", "x", "%"]) await store.objects.put(id, {}, null);
  const forge = async (id: string, forged: string): Promise<void> => {
    const files = await filesBelow(join(directory.path, "store"));
    for (const file of files.filter((name) => name.endsWith("session.json"))) {
      const object = JSON.parse(await fs.readFile(file, "utf8"));
      if (object.id === id) await fs.writeFile(file, JSON.stringify({ ...object, id: forged }));
    }
  };
  await forge("\ufffd", "\ud800");
  await expect(store.objects.get("\ufffd")).rejects.toMatchObject({ code: "CORRUPT" });
  expect((await Array.fromAsync(store.objects.list())).map(({ id }) => id).sort()).toEqual(["%", "x"]);
  expect(skipped).toMatchObject([{ code: "CORRUPT" }]);
});

test("whatever an id, key or name is, its files lie below the store, and each has its own", async () => {
  await using directory = await temporary();
  await using store = openFs(join(directory.path, "store"));
  const part = fc.constantFrom(
    "..",
    ".",
    "",
    "/",
    "\\",
    "~",
    "a",
    "A",
    "\u0000",
    "\u001b",
    "CON",
    "nul.txt",
    "com1",
    "ü",
    "u\u0308",
    "\u202e",
    "%2e",
    "+a",
    "@",
    ".staging",
    ".lock",
    ".names",
    " ",
    "🎉",
    "x".repeat(250),
  );
  const name = fc
    .array(part, { minLength: 1, maxLength: 5 })
    .map((parts) => parts.join(""))
    .filter((text) => text !== "" && text.length <= 1024);
  const kept = new Map<string, string>();
  await fc.assert(
    fc.asyncProperty(name, async (text) => {
      if (kept.has(text)) return;
      checkName(text, "id");
      kept.set(text, `${kept.size}`);
      await store.objects.put(text, { n: kept.get(text) ?? "" }, null);
      await store.blobs.create({ id: text, name: text }, "g", bytesOf(encode(kept.get(text) ?? "")));
      await store.archives.put(text, bytesOf(encode(kept.get(text) ?? "")));
    }),
    { numRuns: 100 * FUZZ },
  );
  for (const [text, n] of kept) {
    expect((await store.objects.get(text))?.meta).toEqual({ n });
    expect(new TextDecoder().decode(await toBytes(store.archives.read(text)))).toBe(n);
    const ref = await store.blobs.stat({ id: text, name: text });
    expect(ref && new TextDecoder().decode(await toBytes(store.blobs.read(ref)))).toBe(n);
  }
  expect(new Set((await Array.fromAsync(store.objects.list())).map(({ id }) => id))).toEqual(new Set(kept.keys()));
  expect(await fs.readdir(directory.path)).toEqual(["store"]);
});

// The superuser may read everything: a child process gives that up.
const isRoot = process.getuid?.() === 0;
test.runIf(process.platform !== "win32")(
  "files and directories without rights are left out of listings, and reported",
  async () => {
    await using directory = await temporary();
    {
      await using store = openFs(directory.path);
      for (const id of ["good", "no-file", "no-directory"]) await makeSession(store, id);
    }
    const sessions = join(directory.path, "store");
    if (isRoot) execFileSync("chown", ["-R", "65534:65534", directory.path]);
    await fs.chmod(join(sessions, "no-file.session.json"), 0);
    await fs.chmod(join(sessions, "no-directory"), 0);
    const child = fileURLToPath(new URL("../support/list-child.ts", import.meta.url));
    const args = [...FROM_SOURCES, child, directory.path, String(isRoot)];
    const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    await fs.chmod(join(sessions, "no-directory"), 0o700);
    expect([stderr, JSON.parse(stdout || "{}")]).toEqual([
      "",
      { listed: ["good"], skipped: expect.any(Number), got: "UNAVAILABLE" },
    ]);
    expect(JSON.parse(stdout).skipped).toBeGreaterThanOrEqual(2);
  },
);
