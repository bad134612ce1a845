/** `conflicted-copies`: second copies that sync programs make. */
import { appendFile, copyFile, mkdir, readFile, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { originalName, possibleNames } from "../../src/doctor/copy-names.js";
import { addLong, archiveFile, filesIn, newStore, only, treeHash } from "../support/doctor.js";

/** How each program names a copy of `name.ending`. */
const MARKS: Readonly<Record<string, (name: string, ending: string) => string>> = {
  Dropbox: (name, ending) => `${name} (Ada's conflicted copy 2026-11-28)${ending}`,
  "Dropbox, German": (name, ending) => `${name} (In Konflikt stehende Kopie von Ada 2026-11-28)${ending}`,
  "Dropbox, German, later": (name, ending) => `${name} (Adas in Konflikt stehende Kopie 2026-11-28)${ending}`,
  "Dropbox, French": (name, ending) => `${name} (Copie en conflit de Ada 2026-11-28)${ending}`,
  "Dropbox, Spanish": (name, ending) => `${name} (Copia conflictiva de Ada 2026-11-28)${ending}`,
  Syncthing: (name, ending) => `${name}.sync-conflict-20261128-123456-ABCDEFG${ending}`,
  "Syncthing, once": (name, ending) => `${name}.sync-conflict-20261128-123456${ending}`,
  Nextcloud: (name, ending) => `${name} (conflicted copy 2026-11-28 123456)${ending}`,
  "ownCloud, once": (name, ending) => `${name}_conflict-20261128-123456${ending}`,
  "Resilio Sync": (name, ending) => `${name}.Conflict${ending}`,
  Seafile: (name, ending) => `${name}${ending} (SFConflict ada@example.com 2026-11-28-12-34-56)`,
  pCloud: (name, ending) => `${name} [conflicted]${ending}`,
};
const POSSIBLE: Readonly<Record<string, (name: string, ending: string) => string>> = {
  OneDrive: (name, ending) => `${name}-DESKTOP-AB12C${ending}`,
  "iCloud Drive": (name, ending) => `${name} 2${ending}`,
  "Google Drive": (name, ending) => `${name} (1)${ending}`,
};

describe("names", () => {
  test.each(Object.entries(MARKS))("of %s are recognised", (_, mark) => {
    expect(originalName(mark("x.20260101.jsonl", ".gz"))).toBe("x.20260101.jsonl.gz");
    expect(originalName(mark("sessions", ".db"))).toBe("sessions.db");
  });

  test.each(Object.entries(POSSIBLE))("of %s may be a person's as well", (_, mark) => {
    expect(originalName(mark("sessions", ".db"))).toBeUndefined();
    expect(possibleNames(mark("sessions", ".db"))).toContain("sessions.db");
  });

  test.each(["x.jsonl.gz", "sessions.db", "conflict.json", "x-conflict.json", "output@1.jsonl"])(
    "%s is an original",
    (name) => {
      expect(originalName(name)).toBeUndefined();
    },
  );
});

/** The path of a copy of the file, as the program would name it. */
function copyOf(path: string, mark: (name: string, ending: string) => string): string {
  const [, name = "", ending = ""] = /^(.*)(\.[^.]+)$/.exec(basename(path)) ?? [];
  return join(dirname(path), mark(name, ending));
}

const ALL = Object.entries({ ...MARKS, ...POSSIBLE });

test.each([
  ["with an inline manifest", "archived", [".jsonl.gz"]],
  ["with a manifest beside it", "long", [".jsonl.gz", ".json"]],
] as const)(
  "a copy of an archive %s that is equal is superfluous, one that differs is kept, one alone is renamed back",
  async (_, id, endings) => {
    const looked = await newStore();
    const { cli, home, find } = looked;
    await addLong(looked);
    const archive = await archiveFile(home, id);
    const files = await Promise.all(endings.map((ending) => archiveFile(home, id, ending)));
    const bytes = await Promise.all(files.map((file) => readFile(file)));
    for (const [program, mark] of ALL) {
      const copy = copyOf(archive, mark);
      await copyFile(archive, copy);
      const equal = only(await find(), "conflicted-copies");
      expect(equal, program).toMatchObject({ severity: "note", sessions: [id] });
      expect(equal.message, program).toContain("equal");
      await appendFile(copy, "x");
      const different = only(await find(), "conflicted-copies");
      expect(different, program).toMatchObject({ severity: "warning", sessions: [id] });
      expect(different.repair, program).toBeUndefined();
      await truncate(copy, 100);
      expect(only(await find(), "conflicted-copies").severity, program).toBe("warning");

      for (const file of files) await rename(file, copyOf(file, mark));
      expect((await cli.run("cat", id)).exitCode, program).toBe(1);
      const lost = only(await find(), "conflicted-copies");
      expect(lost, program).toMatchObject({ severity: "damage", sessions: [id] });
      expect(lost.repair?.plan, program).toContain(endings.length === 1 ? "1 file" : "2 files");
      expect(await lost.repair?.run(), program).toBe(`${files.length} of ${files.length} have their names back`);
      expect(await Promise.all(files.map((file) => readFile(file))), program).toEqual(bytes);
      expect(await find(), program).toEqual([]);
    }
    expect((await cli.run("verify", id)).exitCode).toBe(0);
  },
);

/** The archive's own bytes stay. */
async function tearManifest(archive: string): Promise<void> {
  const bytes = await readFile(archive);
  await writeFile(archive, bytes.fill(0, 100, 200));
  expect(gunzipSync(bytes).length).toBeGreaterThan(0);
}

describe("a copy without its original", () => {
  const mark = MARKS["Dropbox"] ?? ((name) => name);

  test.each([
    ["cut", (copy: string) => truncate(copy, 100)],
    ["without its last byte", async (copy: string) => truncate(copy, (await stat(copy)).size - 1)],
    ["with something behind its end", (copy: string) => appendFile(copy, "x")],
    ["empty", (copy: string) => truncate(copy, 0)],
    ["in its manifest", tearManifest],
  ])("that is damaged (%s) is left as it is", async (_, damage) => {
    const { home, find } = await newStore();
    const archive = await archiveFile(home, "archived");
    const copy = copyOf(archive, mark);
    await rename(archive, copy);
    await damage(copy);
    const lost = only(await find(), "conflicted-copies");
    expect(lost).toMatchObject({ severity: "damage", sessions: ["archived"] });
    expect(lost.repair).toBeUndefined();
  });

  test("that is a damaged manifest or record is left as it is", async () => {
    const looked = await newStore();
    const { home, find } = looked;
    await addLong(looked);
    const manifest = await archiveFile(home, "long", ".json");
    const record = (await filesIn(join(home, "archives"))).find((path) => path.includes("/runs/")) ?? "";
    for (const file of [manifest, record]) {
      await rename(file, copyOf(file, mark));
      await writeFile(copyOf(file, mark), "{");
    }
    const lost = only(await find(), "conflicted-copies");
    expect(lost).toMatchObject({ severity: "damage", message: expect.stringMatching(/json.*json/) });
    expect(lost.repair).toBeUndefined();
  });

  test("of which there are two is left as it is", async () => {
    const { home, find } = await newStore();
    const archive = await archiveFile(home, "archived");
    await copyFile(archive, copyOf(archive, MARKS["Syncthing"] ?? mark));
    await rename(archive, copyOf(archive, mark));
    expect(only(await find(), "conflicted-copies").repair).toBeUndefined();
  });

  test("replaces no file that has come meanwhile", async () => {
    const { cli, home, find } = await newStore();
    const archive = await archiveFile(home, "archived");
    const copy = copyOf(archive, mark);
    await rename(archive, copy);
    const { repair } = only(await find(), "conflicted-copies");
    await writeFile(archive, "newer", { mode: 0o600 });
    const before = await treeHash(cli.folder);
    await expect(repair?.run()).rejects.toThrow(/0 of 1.*EEXIST/);
    expect(await treeHash(cli.folder)).toBe(before);
  });

  test("may have a key too long for a name of its own", async () => {
    const id = `long/${"x".repeat(200)}`;
    const { cli, home, find } = await newStore();
    await mkdir(join(cli.folder, "q/long"), { recursive: true });
    await copyFile(join(cli.folder, "p/live.jsonl"), join(cli.folder, `q/${id}.jsonl`));
    await cli.run("import", "q");
    expect(await cli.run("archive", id)).toMatchObject({ exitCode: 0 });
    const archive =
      (await filesIn(join(home, "archives"))).find((path) => /~[0-9a-f]{64}\.jsonl\.gz$/.test(path)) ?? "";
    await rename(archive, copyOf(archive, mark));
    const lost = only(await find(), "conflicted-copies");
    expect(lost.sessions).toEqual([id]);
    await lost.repair?.run();
    expect(await find()).toEqual([]);
  });
});

describe("a copy of the catalogue", () => {
  test("means two catalogues", async () => {
    const { home, find } = await newStore();
    for (const [program, mark] of Object.entries(MARKS)) {
      const copy = join(home, mark("sessions", ".db"));
      await copyFile(join(home, "sessions.db"), copy);
      const finding = only(await find(), "conflicted-copies");
      expect(finding, program).toMatchObject({ severity: "warning", sessions: [] });
      expect(finding.message, program).toContain("second database");
      await rm(copy);
    }
  });

  test("with a name that people use, too, counts only in a synced folder", async () => {
    const { home, find } = await newStore();
    for (const [program, mark] of Object.entries(POSSIBLE)) {
      const copy = join(home, mark("sessions", ".db"));
      await copyFile(join(home, "sessions.db"), copy);
      expect(await find(), program).toEqual([]);
      await mkdir(join(home, ".stfolder"));
      expect(only(await find(), "conflicted-copies").severity, program).toBe("warning");
      await rm(join(home, ".stfolder"), { recursive: true });
      await rm(copy);
    }
  });

  test("may be one of its log", async () => {
    const { home, find } = await newStore();
    await writeFile(join(home, "sessions (conflicted copy 2026-11-28 123456).db-wal"), "x");
    expect(only(await find(), "conflicted-copies").severity).toBe("warning");
  });
});

describe("a copy of a session in plain files", () => {
  test("is compared with its original, and renamed by nobody", async () => {
    const { home, find } = await newStore("fs");
    const file = join(home, "store/archived.session.json");
    const bytes = await readFile(file);
    for (const [program, mark] of ALL) {
      const copy = copyOf(file, mark);
      await copyFile(file, copy);
      const kind = "conflicted-copies";
      expect(only(await find(), kind), program).toMatchObject({ severity: "note", sessions: ["archived"] });
      await appendFile(copy, " ");
      expect(only(await find(), kind), program).toMatchObject({ severity: "warning", sessions: ["archived"] });
      await rename(file, copy);
      const lost = only(await find(), kind);
      expect(lost.severity, program).toBe("damage");
      expect(lost.repair, program).toBeUndefined();
      expect((await readFile(copy)).equals(bytes), program).toBe(true);
      await rename(copy, file);
    }
  });

  test("of its output", async () => {
    const { home, find } = await newStore("fs");
    const output = (await filesIn(join(home, "store/live"))).find((path) => path.endsWith(".jsonl")) ?? "";
    await copyFile(output, copyOf(output, POSSIBLE["OneDrive"] ?? ((name) => name)));
    expect(only(await find(), "conflicted-copies")).toMatchObject({ severity: "note", sessions: ["live"] });
  });
});
