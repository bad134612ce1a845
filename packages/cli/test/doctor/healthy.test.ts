/** A healthy store gives no findings, and no look changes anything. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { describe, expect, test } from "vitest";
import { newCli } from "../support/cli.js";
import { kindsOf, lookedAt, newStore, treeHash } from "../support/doctor.js";
import { transcript, writeFiles } from "../support/sessions.js";

describe.each(["sqlite", "fs"] as const)("a healthy store in %s", (kind) => {
  test("gives no findings, and is the same afterwards", async () => {
    const { cli, find } = await newStore(kind);
    const before = await treeHash(cli.folder);
    expect(await find()).toEqual([]);
    expect(await treeHash(cli.folder)).toBe(before);
  });

  test("also with ids of all kinds", async () => {
    const { cli, find } = await newStore(kind);
    const ids = ["Ä/ö (1)", "a b 2", "-Users-me/x-DESKTOP", `long/${"x".repeat(200)}`, "conflict (conflicted copy)"];
    for (const [n, id] of ids.entries()) {
      await writeFiles(cli.folder, { [`p/${n}.jsonl`]: transcript(3, undefined, id) });
    }
    await writeFiles(cli.folder, Object.fromEntries(ids.map((id) => [`q/${id}.jsonl`, transcript(3, undefined, id)])));
    expect(await cli.run("import", "q")).toMatchObject({ exitCode: 0 });
    expect(await cli.run("sweep", "--inactive-days", "0")).toMatchObject({ exitCode: 0 });
    expect(await find()).toEqual([]);
  });

  test("with damaged and foreign things in it, a look changes nothing either", async () => {
    const { cli, home, find } = await newStore(kind);
    const sink = join(home, "archives");
    await mkdir(join(sink, ".stfolder"));
    await writeFile(join(sink, "letter.txt"), "x", { mode: 0o666 });
    await writeFile(join(sink, "letter (conflicted copy).txt"), "x");
    await writeFile(join(home, "sessions (Ada's conflicted copy 2026-11-28).db"), "x");
    const before = await treeHash(cli.folder);
    expect((await find()).length).toBeGreaterThan(1);
    expect(await treeHash(cli.folder)).toBe(before);
  });
});

test("a database that is open gives no findings, and its log stays as it is", async () => {
  const { cli, home, find } = await newStore();
  await using store = await openSqlite(join(home, "sessions.db"));
  await store.objects.put("more", {}, null);
  const before = await treeHash(cli.folder);
  expect(await find()).toEqual([]);
  expect(await treeHash(cli.folder)).toBe(before);
});

test("a store that is one database for everything", async () => {
  const cli = await newCli("--store", "sqlite:one.db", "--archives", "sqlite:one.db");
  await writeFiles(cli.folder, { "p/a.jsonl": transcript(3) });
  await cli.run("import", "p");
  await cli.run("archive", "a");
  const path = join(cli.folder, "one.db");
  const { find } = lookedAt(cli, "sqlite", join(cli.folder, "home"));
  expect(await find({ store: { kind: "sqlite", path }, sink: { kind: "sqlite", path } })).toEqual([]);
});

test("where there is nothing, that is all there is to say", async () => {
  const cli = await newCli();
  for (const kind of ["sqlite", "fs"] as const) {
    expect(kindsOf(await lookedAt(cli, kind, join(cli.folder, "none")).find())).toEqual(["note no-store"]);
  }
});
