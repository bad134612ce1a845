/** What a gc leaves alone, and reports. */
import { describe, expect, test } from "vitest";
import { sessionIdOf } from "../../../src/format.js";
import { bytesOf, toBytes } from "../../../src/index.js";
import { APART, encode, jsonl, keysOf, makeSession, metaOf, readText, type World, world } from "../../support.js";
import { append, dieBeforeCommit, setBack } from "./support.js";

const text = jsonl(5);
const NOW = { graceDays: 0 };

describe("leaves, and reports", () => {
  test("every archive, with a catalogue that was lost", async () => {
    const w = world();
    for (const id of ["a", "b"]) await makeSession(w, id, text);
    for (const id of ["a", "b"]) await w.archiver.archive(id);
    const keys = await keysOf(w);
    const lost = world({ archives: w.ports.archives });
    const report = await lost.archiver.gc(NOW);
    expect(report).toMatchObject({ keys: [], archiveBytesFreed: 0, unknown: { count: 4 }, refused: null });
    expect(report.unknown.bytes).toBeGreaterThan(0);
    expect(report.unknown.keys.toSorted()).toEqual(keys);
    expect(await keysOf(w)).toEqual(keys);
    expect(await lost.archiver.sweep()).toMatchObject({ unknownCount: 4, unknownBytes: report.unknown.bytes });
  });

  test("another store's archives of a session of the same id", async () => {
    const w = world();
    const other = world({ archives: w.ports.archives });
    await makeSession(w, "s", text);
    await makeSession(other, "s", jsonl(9, 2));
    for (const one of [w, other]) await one.archiver.archive("s");
    await w.archiver.restore("s");
    const report = await w.archiver.gc(NOW);
    expect(report).toMatchObject({ unknown: { count: 2 }, refused: null });
    expect(report.keys).toHaveLength(2);
    await other.archiver.verify("s");
  });

  test("the only copy, with a catalogue set back to before a resumed session's second archive", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await makeSession(w, "other", text);
    for (const id of ["s", "other"]) await w.archiver.archive(id);
    await w.archiver.restore("other"); // something that could be deleted
    const before = await metaOf(w, "s");
    await append(w, "s", "more\n");
    await w.archiver.archive("s");
    const after = await metaOf(w, "s");
    const keys = await keysOf(w);
    await setBack(w, "s", before);
    const report = await w.archiver.gc(NOW);
    expect(report).toMatchObject({ keys: [], unknown: { count: 2 } });
    expect(report.refused).toContain('session "s"');
    expect(await w.archiver.gc({ ...NOW, dryRun: true })).toEqual(report);
    expect(await keysOf(w)).toEqual(keys);
    await setBack(w, "s", after);
    expect(await w.archiver.gc(NOW)).toMatchObject({ unknown: { count: 0 }, refused: null });
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("an older copy whose newer one is damaged", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await append(w, "s", "more\n");
    await w.archiver.archive("s");
    const { "session:given_up": _, ...meta } = await metaOf(w, "s");
    await setBack(w, "s", meta);
    const path = String(meta["session:archive_path"]);
    await w.ports.archives.delete(path);
    await w.ports.archives.put(path, bytesOf(encode("not what was there")));
    expect(await w.archiver.gc(NOW)).toMatchObject({ keys: [], unknown: { count: 2 } });
  });

  test("an archive that its manifest does not describe", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await dieBeforeCommit(w, "s");
    const output = (await keysOf(w)).find((key) => key.endsWith(".jsonl.gz")) ?? "";
    await w.ports.archives.delete(output);
    await w.ports.archives.put(output, bytesOf(encode("other bytes, the only copy of something")));
    const report = await w.archiver.gc(NOW);
    expect(report.keys).not.toContain(output);
    expect(report.unknown.keys).toContain(output);
  });

  test("an archive whose manifest has rows of other bytes than its own", async () => {
    const w = world(APART);
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    const other = world(APART);
    await makeSession(other, "s", text.replaceAll("user", "USER"));
    await other.archiver.archive("s");
    const textAt = async (from: World, key: string): Promise<string> =>
      new TextDecoder().decode(await toBytes(from.ports.archives.read(key)));
    const [manifest = "", output = ""] = await keysOf(other);
    const mine = (await keysOf(w)).find((key) => key.endsWith(".json")) ?? "";
    const row = JSON.parse(await textAt(w, mine)).files[0].segments[0];
    const forged = JSON.parse(await textAt(other, manifest));
    forged.files[0].segments[0][5] = row[5];
    const ours = (value: string): string => value.replaceAll(output.slice(0, 12), mine.slice(0, 12));
    await w.ports.archives.put(ours(output), other.ports.archives.read(output));
    await w.ports.archives.put(ours(manifest), bytesOf(encode(ours(JSON.stringify(forged)))));
    expect((await w.archiver.gc(NOW)).keys).toEqual([]);
    expect(await keysOf(w)).toContain(ours(output));
  });

  test("young keys, named keys, and foreign files stay", async () => {
    const w = world();
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    await w.archiver.restore("s");
    await w.archiver.archive("s");
    const wrongFolder =
      (await keysOf(w))[0]?.replace(/\/..\//, (folder) => (folder === "/00/" ? "/01/" : "/00/")) ?? "";
    const foreign = ["notes.txt", "somebody else's.jsonl.gz", "none/runs/x.json", wrongFolder];
    for (const key of foreign) await w.ports.archives.put(key, bytesOf());
    expect(await w.archiver.gc()).toMatchObject({ keys: [], unknown: { count: 0 } });
    const plan = await w.archiver.gc({ ...NOW, dryRun: true });
    expect(plan.keys).toHaveLength(2);
    expect(await w.archiver.gc({ ...NOW, unknown: "delete" })).toEqual(plan);
    expect(await keysOf(w)).toEqual(expect.arrayContaining(foreign));
    await w.archiver.verify("s");
  });
});

test("of a session whose metadata can't be understood nothing is deleted, and all else is", async () => {
  const w = world();
  for (const id of ["damaged", "gone"]) await makeSession(w, id, text);
  for (const id of ["damaged", "gone"]) await w.archiver.archive(id);
  const gone = await w.ports.objects.get("gone");
  await w.ports.objects.delete("gone", gone?.version ?? "");
  await setBack(w, "damaged", { ...(await metaOf(w, "damaged")), "session:archive_files": 7 });
  const { keys } = await w.archiver.gc({ ...NOW, unknown: "delete" });
  expect(keys.map(sessionIdOf)).toEqual(["gone", "gone"]);
});
