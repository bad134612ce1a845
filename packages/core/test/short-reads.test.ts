/** Stores whose reads end early, without an error: nothing is taken for whole that isn't, and no byte is lost. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { memoryObjects } from "../src/adapter.js";
import {
  type Archiver,
  bytesOf,
  concat,
  createArchiver,
  type Describe,
  hasCode,
  memoryPorts,
  toBytes,
} from "../src/index.js";
import { endEarly } from "./faults.js";
import { sourceOf } from "./ops/import/sources.js";
import { append, inParts } from "./ops/parts/support.js";
import {
  APART,
  encode,
  keysOf,
  longLines,
  loseManifests,
  makeSession,
  readText,
  type World,
  world,
} from "./support.js";

const TEXT = longLines(100);
const MORE = longLines(20, 2);

async function textOf(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk.slice());
  return new TextDecoder().decode(concat(chunks));
}

/** All that gives the whole session. */
const READS: Record<string, (archiver: Archiver) => Promise<string>> = {
  read: (a) => textOf(a.read("s")),
  "read of ranges": async (a) =>
    (await textOf(a.read("s", { range: { start: 0, end: 9 } }))) + (await textOf(a.read("s", { range: { start: 9 } }))),
  scan: async (a) => textOf((await a.open("s")).scan()),
  tail: (a) => textOf(a.tail("s", 9999)),
  since: (a) => textOf(a.since("s", 0)),
  lines: (a) => textOf(a.lines("s", { from: 0, to: 9999 })),
  pages: async (a) => {
    const lines = await (await a.openLines("s")).lines(0, 9999);
    return lines.map(({ text }) => `${text}\n`).join("");
  },
  "export as JSONL": async (a) => textOf((await a.export("s", { as: "jsonl" })).bytes),
  "export as gzip": async (a) => gunzipSync(await toBytes((await a.export("s", { as: "gzip" })).bytes)).toString(),
};

const BEFORE = TEXT + MORE;
const GROWN = BEFORE + longLines(5, 3);
const OTHER = MORE + GROWN;
/** What the session may hold after any of this work. */
const AFTER = [BEFORE, BEFORE + MORE, GROWN, OTHER];

/** A hook that reads all. */
const BYTES: Describe = {
  by: "test",
  version: 1,
  open() {
    let bytes = 0;
    const add = (chunk: Uint8Array): void => {
      bytes += chunk.length;
    };
    return { add, values: () => ({ bytes }) };
  },
};

/** All that works on what is there, and may change it. */
const WORK: Record<string, (w: World) => Promise<unknown>> = {
  archive: ({ archiver }) => archiver.archive("s"),
  "archive again": ({ archiver }) => archiver.archive("s", { mendTimes: true, repack: true }),
  restore: ({ archiver }) =>
    archiver.restore("s").catch((error: unknown) => {
      if (!hasCode(error, "INVALID_ARGUMENT")) throw error; // there is nothing to restore
    }),
  verify: ({ archiver }) => archiver.verify("s", { note: true }),
  recount: ({ archiver }) => archiver.settle("s", { recount: true }),
  settle: ({ archiver }) => archiver.settle("s"),
  sweep: ({ archiver }) => archiver.sweep({ all: true }),
  gc: ({ archiver }) => archiver.gc({ graceDays: 0 }),
  examine: ({ archiver }) => Array.fromAsync(archiver.examine()),
  describe: ({ ports }) => createArchiver({ ...ports, describe: BYTES }).describe("s"),
  import: ({ archiver }) => archiver.import("s", sourceOf(GROWN)),
  "import of a stream": ({ archiver }) => archiver.import("s", bytesOf(encode(GROWN))),
  "import of another session": ({ archiver }) => archiver.import("s", sourceOf(OTHER)),
  mirror: ({ archiver }) => archiver.mirror("s", [{ name: "output", source: sourceOf(GROWN) }]),
  record: (w) => append(w, MORE),
};

async function resumed(options: Parameters<typeof inParts>[1] = {}): Promise<World> {
  const w = await inParts([TEXT], options);
  await append(w, MORE);
  return w;
}

const STATES: Record<string, () => Promise<World>> = {
  async live() {
    const w = world();
    await makeSession(w, "s", TEXT + MORE);
    return w;
  },
  archived: () => inParts([TEXT + MORE]),
  "archived in parts": () => inParts([TEXT, MORE]),
  async "archived without its manifest"() {
    const w = await inParts([TEXT + MORE], APART);
    await loseManifests(w);
    return w;
  },
  resumed: () => resumed(),
  async restored() {
    const w = await inParts([TEXT + MORE]);
    await w.archiver.restore("s");
    return w;
  },
  async kept() {
    const w = await inParts([TEXT + MORE]);
    await w.archiver.restore("s", { keepArchive: true });
    return w;
  },
};

/** How much of its bytes a read gives: none, half, all but one. */
const GIVEN = [0, 0.5, -1];
const PORTS = ["blobs", "archives"] as const;

/** `undefined` where the work rejects because bytes, or a manifest that could have told more, are missing. */
function unlessCorrupt<T>(work: Promise<T>): Promise<T | undefined> {
  return work.catch((error: unknown) => {
    if (!hasCode(error, "CORRUPT", "NOT_FOUND")) throw error;
    return undefined;
  });
}

describe.each(Object.entries(STATES))("a session that is %s", (_, make) => {
  describe.each(PORTS)("whose %s end early", (port) => {
    test.each(Object.entries(READS))("is read whole, or is CORRUPT: %s", async (_, read) => {
      const w = await make();
      for (const given of GIVEN) {
        const heal = endEarly<never[]>(w.ports[port], given);
        const text = await unlessCorrupt(read(createArchiver({ ...w.ports, now: () => w.now })));
        heal();
        expect(text === undefined || text === BEFORE, `${given}: ${text?.length} of ${BEFORE.length}`).toBe(true);
      }
    });

    test.each(Object.entries(WORK))("keeps its bytes, whatever works on it: %s", async (_, work) => {
      for (const given of GIVEN) {
        const w = await make();
        const heal = endEarly<never[]>(w.ports[port], given);
        await unlessCorrupt(work(w));
        heal();
        const text = await readText(w, "s");
        expect(AFTER.includes(text), `${given}: ${text.length} of ${BEFORE.length}`).toBe(true);
        await w.archiver.settle("s");
        await w.archiver.archive("s"); // makes a lost manifest anew
        expect(await readText(w, "s")).toBe(text);
        await w.archiver.verify("s");
      }
    });
  });
});

test.each(["verify", "recount", "archive"])("live bytes that end early are CORRUPT to %s", async (work) => {
  for (const given of GIVEN) {
    const w = (await STATES["live"]?.()) as World;
    endEarly<never[]>(w.ports.blobs, given);
    await expect(WORK[work]?.(w)).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
    expect(await keysOf(w)).toEqual([]);
  }
});

describe("a rebuild from stores that end early", () => {
  test.each(PORTS)("%s: another one finds all, a lost beginning as a version", async (port) => {
    for (const given of GIVEN) {
      for (const [state, make] of Object.entries(STATES)) {
        if (state === "live") continue; // nothing is in the sink
        const before = await make();
        const w = world({ ...before.ports, objects: memoryObjects() });
        const heal = endEarly<never[]>(w.ports[port], given);
        await unlessCorrupt(w.archiver.rebuild());
        await unlessCorrupt(w.archiver.gc({ graceDays: 0 }));
        heal();
        await w.archiver.rebuild();
        const text = await readText(w, "s");
        const { versions } = await w.archiver.info("s");
        const kept = versions.length === 0 ? "" : await textOf(w.archiver.read("s", { version: 1 }));
        expect(kept + text === BEFORE || text === BEFORE, `${state}, ${given}: ${kept.length}, ${text.length}`).toBe(
          true,
        );
        await w.archiver.archive("s");
        await w.archiver.verify("s");
      }
    }
  });

  test("of another catalogue: live bytes that were cut off are named", async () => {
    const { live, restored } = STATES;
    for (const make of [live, restored]) {
      for (const given of GIVEN) {
        const from = (await make?.()) as World;
        const w = world({ ...memoryPorts(), archives: from.ports.archives });
        endEarly<never[]>(from.ports.blobs, given);
        expect(await w.archiver.rebuild({ from: from.ports })).toMatchObject({ cut: ["s"] });
      }
    }
  });

  test("of another catalogue: no archive is taken in part", async () => {
    for (const given of GIVEN) {
      const from = await inParts([TEXT, MORE]);
      endEarly<never[]>(from.ports.archives, given);
      const w = world(memoryPorts());
      await w.archiver.rebuild({ from: from.ports });
      expect(await keysOf(w)).toEqual([]);
    }
  });
});

test("a salvage ends, and deletes nothing", async () => {
  for (const given of GIVEN) {
    const w = await inParts([TEXT, MORE], APART);
    const keys = await keysOf(w);
    endEarly<never[]>(w.ports.archives, given);
    await w.archiver.salvage("s");
    expect(await keysOf(w)).toEqual(expect.arrayContaining(keys));
  }
});
