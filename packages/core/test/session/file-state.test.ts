/** Where each file of a session has its bytes: every meaning that a blob can have beside the metadata. */
import { expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import type { BlobRef, Meta } from "../../src/index.js";
import {
  type FileState,
  fileStates,
  followingGeneration,
  RESTORED_PREFIX,
  sizesOf,
} from "../../src/session/file-state.js";

/** Archived from the blob `live-1` of 10 bytes, which followed 90 archived ones. */
const STORED = { name: "output", generation: "live-1", liveBytes: 10, bytes: 100, storedBytes: 40, crc32: 7, lines: 5 };
const path = "s.20260101t000000000z-0123456789abcdef.jsonl.gz";

function archived(more: object = {}): Meta {
  return { [KEY.archivedAt]: 1, [KEY.archiveFiles]: [{ ...STORED, path, ...more }] };
}

const PURGED: Meta = { [KEY.prunedAt]: 1 };
const REPLACING = { [KEY.replacing]: { at: 1, generation: `${RESTORED_PREFIX}new` } };
const FILE = { rawBytes: 100, crc32: 7 };

function stateOf(meta: Meta, generation: string, size: number): FileState | undefined {
  const blob: BlobRef = { key: { id: "s", name: "output" }, generation, size };
  return fileStates("s", meta, [blob])[0];
}

test.each<readonly [string, Meta, string, number, FileState["kind"], { archived: number; live: number }]>([
  ["of a live session", {}, "live-1", 10, "live", { archived: 0, live: 10 }],
  ["that was archived", archived(), "live-1", 10, "leftover", { archived: 100, live: 0 }],
  ["that has grown since", archived(), "live-1", 15, "continuation", { archived: 100, live: 5 }],
  ["that is shorter than it was", archived(), "live-1", 9, "stray", { archived: 100, live: 0 }],
  ["of another generation", archived(), "live-2", 4, "continuation", { archived: 100, live: 4 }],
  [
    "that goes on from the archive",
    archived(),
    followingGeneration(FILE as never, "r"),
    4,
    "continuation",
    { archived: 100, live: 4 },
  ],
  ["that goes on from another archive", archived(), "follows-90-7-r", 4, "stray", { archived: 100, live: 0 }],
  [
    "that goes on from other bytes of that length",
    archived(),
    "follows-100-8-r",
    4,
    "stray",
    { archived: 100, live: 0 },
  ],
  [
    "of the restore under way",
    archived({ restoring: "restored-1" }),
    "restored-1",
    100,
    "restored",
    { archived: 0, live: 100 },
  ],
  ["of another restore", archived({ restoring: "restored-1" }), "restored-2", 100, "stray", { archived: 100, live: 0 }],
  [
    "of an import under way",
    { ...archived(), ...REPLACING },
    "restored-new",
    50,
    "candidate",
    { archived: 100, live: 0 },
  ],
  [
    "of an import of what was purged",
    { ...PURGED, ...REPLACING },
    "restored-new",
    50,
    "candidate",
    { archived: 0, live: 0 },
  ],
  ["of a restore slower than a purge", PURGED, "restored-1", 100, "stray", { archived: 0, live: 0 }],
  ["that went on from what was purged", PURGED, "follows-100-7-r", 4, "stray", { archived: 0, live: 0 }],
  ["that is new after a purge", PURGED, "live-2", 4, "live", { archived: 0, live: 4 }],
])("a blob %s", (_, meta, generation, size, kind, sizes) => {
  const state = stateOf(meta, generation, size);
  expect(state?.kind).toBe(kind);
  expect(state && sizesOf(state)).toEqual(sizes);
});

test("files without a blob are in the archive; blobs that it does not hold go on beside it", () => {
  const side: BlobRef = { key: { id: "s", name: "side" }, generation: "live-1", size: 3 };
  const states = fileStates("s", archived(), [side]);
  expect(states.map(({ name, kind }) => [name, kind])).toEqual([
    ["output", "archived"],
    ["side", "continuation"],
  ]);
  expect(states.map(sizesOf)).toEqual([
    { archived: 100, live: 0 },
    { archived: 0, live: 3 },
  ]);
});
