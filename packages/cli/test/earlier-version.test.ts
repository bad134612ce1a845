/** Stores made by an earlier version open, return the same bytes and can be written to: see `earlier/README.md`. */
import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { zlibCodec } from "@session-archiver/codec-zlib";
import {
  type Archiver,
  type ArchiverEvent,
  createArchiver,
  memoryPorts,
  OUTPUT,
  type Ports,
  toBytes,
} from "@session-archiver/core";
import { decodeManifest } from "@session-archiver/core/format";
import { describe, expect, test } from "vitest";
import { newCli } from "./support/cli.js";
import {
  EARLIER_STORES,
  type Expected,
  expectedSessions,
  openEarlier,
  openEarlierSink,
  unpackEarlier,
} from "./support/earlier.js";
import { listAll } from "./support/listed.js";

const MORE = '{"type":"user","text":"one more line"}\n';
const EXPECTED = Object.entries(await expectedSessions());
const PRUNED = ["pruned-1", "purged-1"];
const RESTORING = "restoring-1";

function archiverOn(ports: Ports, events: ArchiverEvent[] = []): Archiver {
  const policy = { maxTotalBytes: Number.POSITIVE_INFINITY };
  return createArchiver({ ...ports, policy, codec: zlibCodec(), onEvent: (event) => events.push(event) });
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Every file of the session is unchanged, except for `more` at the end of its output. */
async function expectBytes(archiver: Archiver, id: string, { files }: Expected, more = ""): Promise<void> {
  for (const [name, { bytes, sha256: expected }] of Object.entries(files)) {
    const read = await toBytes(archiver.read(id, { name }));
    const added = name === OUTPUT ? more : "";
    expect(sha256(read.subarray(0, bytes)), `${id}: ${name}`).toBe(expected);
    expect(new TextDecoder().decode(read.subarray(bytes)), `${id}: ${name}`).toBe(added);
  }
}

async function expectAllBytes(archiver: Archiver, more = "", left: readonly string[] = PRUNED): Promise<void> {
  for (const [id, expected] of EXPECTED) if (!left.includes(id)) await expectBytes(archiver, id, expected, more);
}

describe.each(EARLIER_STORES)("a store of %s made by an earlier version", (name) => {
  test("lists, verifies and reads as before", async () => {
    const archiver = archiverOn(await openEarlier(name));
    const listed = new Map<string, object>();
    for await (const info of archiver.list()) {
      listed.set(info.id, info);
      expect(await archiver.info(info.id)).toEqual(info);
    }
    expect(listed.size).toBe(EXPECTED.length);
    for (const [id, { files: _, ...expected }] of EXPECTED) expect(listed.get(id), id).toMatchObject(expected);
    expect(await archiver.verifyAll()).toMatchObject({ checked: EXPECTED.length, bad: [] });
    await expectAllBytes(archiver);
    for (const id of PRUNED) await expect(toBytes(archiver.read(id))).rejects.toMatchObject({ code: "PRUNED" });
  });

  test("undoes a prune, unless it was purged", async () => {
    const archiver = archiverOn(await openEarlier(name));
    await archiver.undoPrune("pruned-1");
    await expect(archiver.undoPrune("purged-1")).rejects.toMatchObject({ code: "PRUNED" });
    await expectAllBytes(archiver, "", ["purged-1"]);
    expect((await archiver.verifyAll()).bad).toEqual([]);
  });

  test("can be swept and collected: nothing is lost, and superfluous objects are deleted", async () => {
    const ports = await openEarlier(name);
    const events: ArchiverEvent[] = [];
    const archiver = archiverOn(ports, events);
    await archiver.undoPrune("pruned-1");
    await archiver.gc({ graceDays: 0 });
    await expectAllBytes(archiver, "", ["purged-1"]);
    // The sweep finishes an interrupted restore, and doesn't archive the restored session for a day.
    expect(await archiver.sweep({ inactiveDays: 0, graceDays: 1e6 })).toMatchObject({ failedCount: 0 });
    await archiver.archive(RESTORING);
    await archiver.gc({ graceDays: 0 });
    await expectAllBytes(archiver, "", ["purged-1"]);
    expect((await archiver.verifyAll()).bad).toEqual([]);
    expect(await archiver.info(RESTORING)).toMatchObject({ state: "archived" });
    const manifests = new Map<string, number>();
    for await (const { key } of ports.archives.list()) {
      const isManifest = key.endsWith(".json") || key.includes(".manifest-"); // beside the archive, or inline
      const session = EXPECTED.find(([id]) => key.includes(`${id}.`) && isManifest)?.[0] ?? "";
      manifests.set(session, (manifests.get(session) ?? 0) + 1);
    }
    for (const id of ["merged-twice", "restored-1", "uncommitted-1", "sidecar-merged"]) {
      expect(manifests.get(id), id).toBe(1);
    }
    expect(manifests.get("restored-and-kept")).toBe(2);
    expect(events.filter(({ type }) => type === "warning")).toEqual([]);
  });

  test("can be used: every session is written to, archived, restored and archived again", async () => {
    const archiver = archiverOn(await openEarlier(name));
    await archiver.undoPrune("pruned-1");
    const going = EXPECTED.filter(([id]) => id !== "purged-1");
    for (const [id] of going) {
      const recorder = archiver.recorder(id);
      await recorder.append(MORE);
      await recorder.close();
    }
    await expectAllBytes(archiver, MORE, ["purged-1"]);
    for (const [id, { lineCount }] of going) {
      await archiver.archive(id);
      expect(await archiver.info(id)).toMatchObject({ state: "archived", lineCount: lineCount + 1 });
    }
    await archiver.gc({ graceDays: 0 });
    await expectAllBytes(archiver, MORE, ["purged-1"]);
    for (const [id] of going) await archiver.restore(id);
    await archiver.gc({ graceDays: 0 });
    await expectAllBytes(archiver, MORE, ["purged-1"]);
    expect((await archiver.verifyAll()).bad).toEqual([]);
    for (const [id] of going) await archiver.archive(id);
    await archiver.gc({ graceDays: 0 });
    await expectAllBytes(archiver, MORE, ["purged-1"]);
    expect((await archiver.verifyAll()).bad).toEqual([]);
  });
});

describe("a sink of an earlier version without its catalogue", () => {
  test("holds every archive, each complete according to its manifest", async () => {
    const archives = await openEarlierSink();
    const found = new Set<string>();
    for await (const { key } of archives.list()) {
      if (!key.endsWith(".json")) continue;
      const { id, files } = decodeManifest(await toBytes(archives.read(key)), key);
      for (const file of files) {
        const raw = gunzipSync(await toBytes(archives.read(file.key)));
        expect(raw.length, file.key).toBe(file.rawBytes);
        found.add(`${id} ${file.name} ${sha256(raw)}`);
      }
    }
    const whole = EXPECTED.filter(([id, { state }]) => state === "archived" || PRUNED.includes(id));
    for (const [id, { files }] of whole) {
      for (const [name, { sha256: hash }] of Object.entries(files)) expect(found).toContain(`${id} ${name} ${hash}`);
    }
  });

  test("isn't garbage for a new catalogue", async () => {
    const archives = await openEarlierSink();
    const before = await keysOf({ ...memoryPorts(), archives });
    await archiverOn({ ...memoryPorts(), archives }).gc({ graceDays: 0 });
    expect(await keysOf({ ...memoryPorts(), archives })).toEqual(before);
  });
});

test("the program lists, verifies and prints a home made by an earlier version", async () => {
  const cli = await newCli();
  await unpackEarlier("sqlite-and-fs", `${cli.folder}/home`);
  expect((await listAll(cli)).map(({ id }) => id).sort()).toEqual(EXPECTED.map(([id]) => id).sort());
  expect((await cli.run("verify")).exitCode).toBe(0);
  for (const [id, { files }] of EXPECTED) {
    if (!PRUNED.includes(id)) expect(sha256((await cli.run("cat", "--", id)).stdout), id).toBe(files[OUTPUT]?.sha256);
  }
});

async function keysOf({ archives }: Ports): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { key } of archives.list()) keys.push(key);
  return keys.sort();
}
