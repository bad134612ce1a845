/** A plain folder of transcripts. */
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { folderSource } from "../../src/folder/source.js";
import { placeOf } from "../../src/place.js";
import type { KnownTranscript, ScanOptions } from "../../src/source.js";
import { countedFiles, knowsNothing } from "../support/counted-files.js";
import { put, tempFolder } from "../support/temp.js";
import { userLine, uuid } from "../support/transcripts.js";

const ONE = uuid(1);
const shortHash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 8);

async function scanned(folder: string, known: ScanOptions["known"] = knowsNothing) {
  const files = countedFiles();
  const { units, leftOut } = await folderSource.scan(await placeOf(folderSource, folder, files, {}), files, { known });
  return {
    units,
    ids: Object.fromEntries(units.map(({ members, id }) => [members[0]?.path, id])),
    leftOut: Object.fromEntries(leftOut.map(({ path, reason }) => [path, reason])),
    opened: files.opened.map((path) => basename(path)),
  };
}

describe("a plain folder", () => {
  test("holds sessions at any depth: by what their lines say, else by their paths", async () => {
    const folder = await tempFolder();
    await put(join(folder, "a/b/copy.jsonl"), userLine(ONE));
    await put(join(folder, "notes.JSONL"), '{"any":"thing"}\n');
    await put(join(folder, "a/notes.jsonl"), "not JSON, and torn");
    const { units, ids } = await scanned(folder);
    const hash = shortHash(folder);
    expect(ids).toEqual({
      "a/b/copy.jsonl": `claude-code:${ONE}`,
      "a/notes.jsonl": `folder:${hash}/a/notes`,
      "notes.JSONL": `folder:${hash}/notes`,
    });
    expect(units.map(({ nativeId, project }) => [nativeId, project])).toEqual([
      [ONE, "/home/me/project"],
      ["a/notes", "a"],
      ["notes", basename(folder)],
    ]);
    expect(units.every(({ members, folders }) => members.length === 1 && folders.length === 0)).toBe(true);
  });

  test("other files are left out and named, and not opened", async () => {
    const folder = await tempFolder();
    for (const name of ["x.txt", "x.jsonl.gz", "history.jsonl", "session_index.jsonl"])
      await put(join(folder, name), "x");
    await put(join(folder, "empty.jsonl"), "");
    await put(join(folder, "auth.json"), "{}");
    const { units, leftOut, opened } = await scanned(folder);
    expect([units, opened]).toEqual([[], []]);
    expect(leftOut).toEqual({
      "x.txt": "not a session",
      "x.jsonl.gz": "not a session",
      "history.jsonl": "not a session",
      "session_index.jsonl": "not a session",
      "empty.jsonl": "empty",
      "auth.json": "denied",
    });
  });

  test("two files of one session are two units, and a known file keeps its id unopened", async () => {
    const folder = await tempFolder();
    await put(join(folder, "a.jsonl"), userLine(ONE));
    await put(join(folder, "b.jsonl"), userLine(ONE));
    const id = `claude-code:${ONE}`;
    expect((await scanned(folder)).ids).toEqual({
      "a.jsonl": id,
      "b.jsonl": `${id}/b~${shortHash(join(folder, "b.jsonl"))}`,
    });
    const b: KnownTranscript = { id, nativeId: ONE, project: "/home/me/project", needs: [] };
    const again = await scanned(folder, (_root, path) => (path === "b.jsonl" ? b : undefined));
    expect(again.ids).toEqual({ "a.jsonl": `${id}/a~${shortHash(join(folder, "a.jsonl"))}`, "b.jsonl": id });
    expect(again.opened).toEqual(["a.jsonl"]);
  });

  test("a path too long for an id, and a first line longer than the head", async () => {
    const folder = await tempFolder();
    const deep = Array.from({ length: 6 }, () => "d".repeat(200)).join("/");
    await put(join(folder, deep, "x.jsonl"), "{}\n");
    await put(join(folder, "long.jsonl"), userLine(ONE, { content: "x".repeat(200_000) }));
    const { ids } = await scanned(folder);
    expect(ids[`${deep}/x.jsonl`]).toMatch(/^folder:[0-9a-f]{8}\/[0-9a-f]{64}$/);
    expect(ids["long.jsonl"]).toBe(`claude-code:${ONE}`);
  });

  test("nothing cleans it up or resumes there; times stay; what changed within the hour is live", async () => {
    const folder = await tempFolder();
    await put(join(folder, "a.jsonl"), userLine(ONE), 1_000_000);
    const files = countedFiles();
    const place = await placeOf(folderSource, folder, files, {});
    const { units } = await scanned(folder);
    const [unit] = units;
    if (!unit) throw new Error("The session was not found.");
    expect(folderSource.cleanUpAt(unit)).toBeUndefined();
    expect(folderSource.resume(ONE)).toBeUndefined();
    expect(await folderSource.neededBy(place, files, units, units, {})).toEqual(new Map());
    const times = await folderSource.arrange(place, files, ONE, [{ root: "", path: "a.jsonl", mtimeMs: 7 }], 9);
    expect(times).toEqual({ mtimesMs: [7], warnings: [] });
    const HOUR = 60 * 60 * 1000;
    expect((await folderSource.live(place, files, { now: 1_000_000 + HOUR - 1, idleMs: 0 }))(unit)).toBeDefined();
    expect((await folderSource.live(place, files, { now: 1_000_000 + HOUR, idleMs: 0 }))(unit)).toBeUndefined();
  });
});
