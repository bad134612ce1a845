/** Facts that a host's hook extracts, when sessions are imported and archived. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../src/adapter.js";
import { decodeManifest } from "../../src/format.js";
import { type Describe, type Facts, type Json, toBytes } from "../../src/index.js";
import { APART, jsonl, makeSession, readText, type World, world } from "../support.js";
import { sourceOf, WAYS } from "./import/sources.js";

/** A hook that counts bytes and notes what it was given: `opened` has the known bytes, `added` the bytes of each opening. */
function counting(version = 1): { describe: Describe; opened: (number | undefined)[]; added: number[] } {
  const opened: (number | undefined)[] = [];
  const added: number[] = [];
  const open = (known: Facts | undefined) => {
    opened.push(known?.bytes);
    const at = added.push(0) - 1;
    let bytes = Number(known?.values["bytes"] ?? 0);
    return {
      add(chunk: Uint8Array) {
        added[at] = (added[at] ?? 0) + chunk.length;
        bytes += chunk.length;
      },
      values: () => ({ bytes }),
    };
  };
  return { describe: { by: "test", version, open }, opened, added };
}

const FIRST = jsonl(40, 1);

async function factsOf(w: World): Promise<Json | undefined> {
  return (await w.ports.objects.get("s"))?.meta[KEY.facts];
}

const facts = (bytes: number, version = 1) => ({ by: "test", version, bytes, values: { bytes } });

async function manifestFacts(w: World): Promise<Facts | undefined> {
  const key = String((await w.ports.objects.get("s"))?.meta[KEY.manifestKey]);
  return decodeManifest(await toBytes(w.shown.read(key)), key).facts;
}

const MORE = jsonl(9, 2);

describe.each(WAYS)("an import of %s", (_, from) => {
  test("notes facts about all, and of a grown one goes on from them", async () => {
    const hook = counting();
    const w = world({ describe: hook.describe });
    await w.archiver.import("s", from(FIRST));
    expect(await factsOf(w)).toEqual(facts(FIRST.length));
    await w.archiver.archive("s");
    expect(await manifestFacts(w)).toEqual(facts(FIRST.length));
    await w.archiver.import("s", from(FIRST + MORE));
    expect(await factsOf(w)).toEqual(facts(FIRST.length + MORE.length));
    await w.archiver.archive("s");
    expect(await manifestFacts(w)).toEqual(facts(FIRST.length + MORE.length));
    expect(hook).toMatchObject({ opened: [undefined, FIRST.length], added: [FIRST.length, MORE.length] });
  });

  test("extracts anew what another version has noted", async () => {
    const w = world({ describe: counting(1).describe });
    await w.archiver.import("s", from(FIRST));
    const hook = counting(2);
    const later = world({ ...w.ports, describe: hook.describe });
    await later.archiver.import("s", from(FIRST + MORE));
    expect(await factsOf(w)).toEqual(facts(FIRST.length + MORE.length, 2));
    expect(hook.opened).toEqual([undefined]);
  });
});

describe("an archive", () => {
  test("extracts what is missing: all of what never had facts, and only new output where they reach that far", async () => {
    const hook = counting();
    const w = world({ describe: hook.describe, ...APART });
    await makeSession(w, "s", FIRST);
    await w.archiver.archive("s");
    expect(await factsOf(w)).toEqual(facts(FIRST.length));
    let archiveReads = 0;
    const { read } = w.ports.archives;
    w.ports.archives.read = (...args) => {
      if (args[0].endsWith(".gz")) archiveReads++;
      return read(...args);
    };
    const recorder = w.archiver.recorder("s");
    await recorder.append(MORE);
    await recorder.close();
    archiveReads = 0;
    await w.archiver.archive("s");
    expect(await manifestFacts(w)).toEqual(facts(FIRST.length + MORE.length));
    expect(hook.added).toEqual([FIRST.length, MORE.length]);
    expect(archiveReads).toBe(2); // the old one is copied, the new one is read back
    await w.archiver.archive("s");
    expect(hook.added).toHaveLength(2);
  });

  test("reads all where facts of another version are noted", async () => {
    const w = world({ describe: counting(1).describe });
    await makeSession(w, "s", FIRST);
    await w.archiver.archive("s");
    const later = world({ ...w.ports, describe: counting(2).describe });
    const recorder = later.archiver.recorder("s");
    await recorder.append(MORE);
    await recorder.close();
    await later.archiver.archive("s");
    expect(await manifestFacts(w)).toEqual(facts(FIRST.length + MORE.length, 2));
    expect(await readText(w, "s")).toBe(FIRST + MORE);
  });
});

describe("a hook that fails", () => {
  const broken: readonly (readonly [string, Partial<ReturnType<Describe["open"]>>])[] = [
    ["when it is given bytes", { add: () => fail() }],
    ["when it is asked", { values: () => fail() }],
    ["with what JSON can't hold", { values: () => ({ big: 1n }) as never }],
    ["with what is no object", { values: () => [1] as never }],
  ];
  function fail(): never {
    throw new Error("hook");
  }

  test.each([...broken, ["when it is opened", undefined]] as const)("%s is a warning, and no more", async (_, part) => {
    const { describe: hook } = counting();
    const open: Describe["open"] = (known) => (part ? { ...hook.open(known), ...part } : fail());
    const w = world({ describe: { ...hook, open } });
    expect(await w.archiver.import("s", sourceOf(FIRST))).toMatchObject({ outcome: "created" });
    expect(w.events).toEqual([expect.objectContaining({ type: "warning", id: "s" })]);
    await w.archiver.archive("s");
    await w.archiver.verify("s");
    expect(await factsOf(w)).toBeUndefined();
    expect(await readText(w, "s")).toBe(FIRST);
  });
});

test("facts of a purged session don't stand for what comes after", async () => {
  const hook = counting();
  const w = world({ describe: hook.describe });
  await w.archiver.import("s", sourceOf(FIRST));
  await w.archiver.archive("s");
  await w.archiver.pruneSession("s");
  await w.archiver.prune({ graceDays: 0 });
  const recorder = w.archiver.recorder("s");
  await recorder.append(MORE + FIRST);
  await recorder.close();
  await w.archiver.archive("s");
  expect(await manifestFacts(w)).toEqual(facts(MORE.length + FIRST.length));
  expect(hook.opened).toEqual([undefined, undefined]);
});
