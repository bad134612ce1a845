/** Archives that an earlier version made are enough to make a catalogue anew: see `earlier/README.md`. */
import { createHash } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Archiver,
  createArchiver,
  memoryPorts,
  type Ports,
  type SessionInfo,
  toBytes,
} from "@session-archiver/core";
import { memoryObjects } from "@session-archiver/core/adapter";
import { isRecordKey } from "@session-archiver/core/format";
import { describe, expect, test } from "vitest";
import { newCli } from "./support/cli.js";
import { EARLIER_STORES, expectedSessions, openEarlier, openEarlierSink, unpackEarlier } from "./support/earlier.js";

const EXPECTED = await expectedSessions();

async function infosOf(archiver: Archiver): Promise<ReadonlyMap<string, SessionInfo>> {
  const infos = await Array.fromAsync(archiver.list());
  return new Map(infos.map((info) => [info.id, info]));
}

async function hashOf(archiver: Archiver, id: string, name: string): Promise<string> {
  return createHash("sha256")
    .update(await toBytes(archiver.read(id, { name })))
    .digest("hex");
}

async function keysOf({ archives }: Pick<Ports, "archives">): Promise<readonly string[]> {
  const infos = await Array.fromAsync(archives.list());
  return infos
    .map(({ key }) => key)
    .filter((key) => !isRecordKey(key))
    .sort();
}

describe.each(EARLIER_STORES)("a store of %s made by an earlier version", (name) => {
  test("with its catalogue lost, has every session as it was archived; no manifest is made anew", async () => {
    const ports = await openEarlier(name);
    const before = await infosOf(createArchiver(ports));
    const keys = await keysOf(ports);
    const archiver = createArchiver({ ...memoryPorts(), archives: ports.archives });
    expect(await archiver.rebuild()).toMatchObject({ storeId: null, failures: [], withVersions: [] });
    const after = await infosOf(archiver);
    let compared = 0;
    for (const [id, { state, files }] of Object.entries(EXPECTED)) {
      // No record tells of what version 0.1 pruned: those come back. What it purged is gone.
      if (id === "purged-1") expect(after.has(id)).toBe(false);
      if (state !== "archived" && id !== "pruned-1") continue;
      for (const [file, { sha256 }] of Object.entries(files))
        expect([id, file, await hashOf(archiver, id, file)]).toEqual([id, file, sha256]);
      const { archivedAt, archiveKey, lineCount, rawBytes } = before.get(id) ?? {};
      expect(after.get(id)).toMatchObject({ id, state: "archived", archivedAt, archiveKey, lineCount, rawBytes });
      compared++;
    }
    expect(compared).toBeGreaterThan(8);
    expect(await keysOf(ports)).toEqual(keys);
    expect((await archiver.verifyAll()).bad).toEqual([]);
    expect(await archiver.rebuild()).toMatchObject({ made: [], merged: [], failures: [] });
  });

  test("with its objects alone lost, gives every byte that it gave before", async () => {
    const ports = await openEarlier(name);
    const archiver = createArchiver({ ...ports, objects: memoryObjects() });
    const { made } = await archiver.rebuild();
    for (const id of made) {
      for (const [file, { sha256 }] of Object.entries(EXPECTED[id]?.files ?? {}))
        expect([id, file, await hashOf(archiver, id, file)]).toEqual([id, file, sha256]);
    }
    expect(made.length).toBeGreaterThan(10);
  });
});

test("a sink of an earlier version without its catalogue gives all its sessions", async () => {
  const archives = await openEarlierSink();
  const archiver = createArchiver({ ...memoryPorts(), archives });
  const report = await archiver.rebuild();
  expect(report.failures).toEqual([]);
  for (const [id, { state, files }] of Object.entries(EXPECTED)) {
    if (state !== "archived") continue;
    expect([id, await hashOf(archiver, id, "output")]).toEqual([id, files["output"]?.sha256]);
  }
});

test("the program makes the catalogue of such a home anew", async () => {
  const cli = await newCli();
  await unpackEarlier("sqlite-and-fs", `${cli.folder}/home`);
  for (const end of ["", "-wal", "-shm"]) await rm(join(cli.folder, `home/sessions.db${end}`), { force: true });
  const run = await cli.run("rebuild");
  expect([run.exitCode, run.text]).toEqual([0, expect.stringContaining("Made")]);
  expect((await cli.run("verify")).exitCode).toBe(0);
  expect((await cli.run("rebuild", "--json")).json()).toMatchObject({ made: [], merged: [] });
});
