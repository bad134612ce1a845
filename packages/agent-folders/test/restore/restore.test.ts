/** Restores: exact places, the whole unit or nothing, and no trust in what a note says. */
import { mkdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Originals } from "../../src/originals.js";
import { withOriginals } from "../../src/originals.js";
import { originalsIn } from "../../src/read-originals.js";
import { restoreUnit } from "../../src/restore/restore.js";
import { treeOf } from "../support/tree.js";
import { DAY_MS, lines, put, type World, world } from "../support/world.js";

async function swept(): Promise<World> {
  const w = await world("memory");
  await put(w, "p/a.jsonl", lines(20), 10, 0o777);
  await put(w, "p/a/sub/r.txt", "a result", 10, 0o444);
  await w.sweep();
  expect(Object.keys(await treeOf(w.root))).toEqual(["p"]);
  return w;
}

/** Changes what is noted. */
async function note(w: World, change: (originals: Originals) => unknown): Promise<void> {
  await w.archiver.update("toy:a", (meta) => {
    const originals = originalsIn(meta);
    return originals ? withOriginals(meta, change(originals) as Originals) : meta;
  });
}

/** The archiver with other methods in place of some. */
function archiverWith({ archiver }: World, others: Partial<World["archiver"]>): World["archiver"] {
  return new Proxy(archiver, {
    get: (target, name) => {
      const value: unknown = Reflect.get(Reflect.has(others, name) ? others : target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

const renamed = (path: string) => (originals: Originals) => {
  const { output, ...others } = originals.members;
  return { ...originals, members: { ...others, output: { ...output, path } } };
};

test("modes are writable by the owner, not by others, and nothing can be run; dates are the old ones", async () => {
  const w = await swept();
  const restored = await restoreUnit(w.host, "toy:a");
  expect(restored).toMatchObject({ restoredFiles: 2, nativeId: "a", source: "toy" });
  const transcript = await stat(join(w.root, "p/a.jsonl"));
  expect(transcript.mode & 0o7777).toBe(0o644);
  expect(Math.round(transcript.mtimeMs)).toBe(w.now - 10 * DAY_MS);
  expect((await stat(join(w.root, "p/a/sub/r.txt"))).mode & 0o7777).toBe(0o644);
  expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 0 });
});

describe("something lies at a place", () => {
  test("another file stays, and nothing else is put back", async () => {
    const w = await swept();
    await mkdir(join(w.root, "p/a/sub"), { recursive: true });
    await writeFile(join(w.root, "p/a/sub/r.txt"), "something else");
    const before = await treeOf(w.root);
    await expect(restoreUnit(w.host, "toy:a")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await treeOf(w.root)).toEqual(before);
  });

  test("a sweep archives a newer file between the look at the note and that at the archive", async () => {
    const w = await swept();
    const { output } = originalsIn((await w.archiver.info("toy:a")).meta)?.members ?? {};
    const withCrc = (crc32?: number) => (o: Originals) => ({
      ...o,
      members: { ...o.members, output: { ...o.members["output"], crc32 } },
    });
    await note(w, withCrc(1));
    const open: typeof w.archiver.open = async (id, options) => {
      await note(w, withCrc(output?.crc32));
      return w.archiver.open(id, options);
    };
    const archiver = archiverWith(w, { open });
    await expect(restoreUnit({ ...w.host, archiver }, "toy:a")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(Object.keys(await treeOf(w.root))).toEqual(["p"]);
    expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 2 });
  });

  test("a sweep archives another file between the two times that the archive is read", async () => {
    const w = await swept();
    const restored: string[] = [];
    const read: typeof w.archiver.read = (id, options) => {
      const isSecond = restored.includes(options?.name ?? "");
      restored.push(options?.name ?? "");
      return w.archiver.read(id, isSecond ? { ...options, range: { start: 0, end: 1 } } : options);
    };
    const archiver = archiverWith(w, { read });
    await expect(restoreUnit({ ...w.host, archiver }, "toy:a")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(Object.keys(await treeOf(w.root))).toEqual(["p"]);
    expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 2 });
  });

  test("a file that went back to an earlier version lies there, and nothing is put back", async () => {
    const w = await world("memory");
    for (const text of ["first\n", "another\nand more\n", "first\n"]) {
      await put(w, "p/a.jsonl", text, 10);
      await w.sweep();
    }
    const before = await treeOf(w.root);
    expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 0 });
    expect(await treeOf(w.root)).toEqual(before);
    expect(await readFile(join(w.root, "p/a.jsonl"), "utf8")).toBe("first\n");
  });

  test("the same file counts as restored, and so does one that has gone on", async () => {
    const w = await swept();
    await writeFile(join(w.root, "p/a.jsonl"), lines(25));
    expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 1 });
    expect(await readFile(join(w.root, "p/a.jsonl"), "utf8")).toBe(lines(25));
    w.now += 9 * DAY_MS;
    expect((await w.sweep()).done).toMatchObject([{ outcome: "freed" }]);
    expect(await w.archiver.read("toy:a").text()).toBe(lines(25));
  });

  test("a file that comes while it is put back stays, and what was put back goes again", async () => {
    const w = await swept();
    const { link } = w.host.files;
    let links = 0;
    const files = new Proxy(w.host.files, {
      get: (target, key) =>
        key !== "link"
          ? Reflect.get(target, key)
          : async (from: string, to: string) => {
              if (++links === 2) await writeFile(to, "a stranger's");
              return link.call(target, from, to);
            },
    });
    await expect(restoreUnit({ ...w.host, files }, "toy:a")).rejects.toMatchObject({ code: "CONFLICT" });
    const tree = await treeOf(w.root);
    expect(Object.keys(tree).filter((path) => tree[path] !== "755 folder")).toHaveLength(1);
    await rm(join(w.root, "p/a.jsonl"), { force: true });
    await rm(join(w.root, "p/a/sub/r.txt"), { force: true });
    expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 2 });
  });

  test.each([
    ["of its folder", "p/a"],
    ["further up", "p"],
    ["of the file itself", "p/a.jsonl"],
  ])("a link in the place %s is not followed", async (_what, path) => {
    const w = await swept();
    const outside = join(w.folder, "outside");
    await mkdir(join(outside, "a/sub"), { recursive: true });
    await rm(join(w.root, path), { recursive: true, force: true });
    await mkdir(dirname(join(w.root, path)), { recursive: true });
    await symlink(outside, join(w.root, path));
    const before = await treeOf(outside);
    await expect(restoreUnit(w.host, "toy:a")).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await treeOf(outside)).toEqual(before);
  });
});

test("the same file behind a link does not count as restored", async () => {
  const w = await world("memory");
  await put(w, "p/a.jsonl", lines(20));
  await w.sweep();
  await mkdir(join(w.folder, "outside"));
  await writeFile(join(w.folder, "outside/a.jsonl"), lines(20));
  await rm(join(w.root, "p"), { recursive: true });
  await symlink(join(w.folder, "outside"), join(w.root, "p"));
  await expect(restoreUnit(w.host, "toy:a")).rejects.toMatchObject({ code: "CONFLICT" });
  expect((await w.archiver.info("toy:a")).state).toBe("archived");
});

describe("hostile notes", () => {
  test.each(["../x", "/etc/x", "p/../../x", "p//a", "p/./a", "", "a\0b"])("the path %j leads nowhere", async (path) => {
    const w = await swept();
    await note(w, renamed(path));
    await expect(restoreUnit(w.host, "toy:a")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(Object.keys(await treeOf(w.folder)).some((name) => name.endsWith("/x"))).toBe(false);
  });

  test.each(["p/secret.key", ".session-archiver-held/p/a.jsonl"])("the path %j is never written to", async (path) => {
    const w = await swept();
    await note(w, renamed(path));
    await expect(restoreUnit(w.host, "toy:a")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(Object.keys(await treeOf(w.root))).toEqual(["p"]);
  });

  test("another root, a folder outside, and a checksum that is wrong", async () => {
    for (const [change, code] of [
      [(o: Originals) => ({ ...o, members: { output: { ...o.members["output"], root: "other" } } }), "NOT_FOUND"],
      [(o: Originals) => ({ ...o, folders: [{ root: "notes", path: "../x", mode: 0o755 }] }), "INVALID_ARGUMENT"],
      [(o: Originals) => ({ ...o, members: { output: { ...o.members["output"], crc32: 1 } } }), "CORRUPT"],
    ] as const) {
      const w = await swept();
      await note(w, change);
      await expect(restoreUnit(w.host, "toy:a")).rejects.toMatchObject({ code });
      expect(Object.keys(await treeOf(w.root))).toEqual(["p"]);
    }
  });

  test("places that another catalogue noted are asked about first", async () => {
    const w = await swept();
    await note(w, (originals) => ({ ...originals, rebuilt: true, pending: true }));
    await expect(restoreUnit(w.host, "toy:a")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    expect(await restoreUnit(w.host, "toy:a", { trustRebuilt: true })).toMatchObject({ restoredFiles: 2 });
    expect((await w.archiver.info("toy:a")).state).toBe("mirrored");
  });
});

test("what its agent needs to resume it is put back first, also in a circle", async () => {
  const w = await world("memory");
  w.agent.needs.set("fork", ["parent"]);
  w.agent.needs.set("parent", ["fork", "unknown"]);
  await put(w, "p/fork.jsonl", lines(3));
  await put(w, "p/parent.jsonl", lines(5));
  await w.sweep();
  const restored = await restoreUnit(w.host, "toy:fork");
  expect(restored.ancestors).toEqual(["toy:parent"]);
  expect(restored.warnings).toEqual([expect.stringContaining("toy:unknown")]);
  expect(await readFile(join(w.root, "p/parent.jsonl"), "utf8")).toBe(lines(5));
});

test("sessions without places, pruned ones and unknown ones are refused", async () => {
  const w = await swept();
  await w.archiver.create("plain");
  await expect(restoreUnit(w.host, "plain")).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await expect(restoreUnit(w.host, "nobody")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await w.archiver.pruneSession("toy:a");
  await expect(restoreUnit(w.host, "toy:a")).rejects.toMatchObject({ code: "PRUNED" });
});
