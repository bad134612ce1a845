/** A salvage that is cut short, or that meets other operations: nothing is lost, and a second one completes it. */
import { expect, test } from "vitest";
import { quarantineKey } from "../../../src/format/keys.js";
import { toBytes } from "../../../src/index.js";
import { cutShortAnywhere } from "../../faults.js";
import { jsonl, keysOf, longLines, makeSession, readText, type World, world } from "../../support.js";
import { sourceOf } from "../import/sources.js";
import { archived, flip, keyAt, sinkBytesOf, without } from "./support.js";

const TEXT = longLines(1100);
const MORE = jsonl(9, 2);
const damagedBytes = new WeakMap<World, Uint8Array>();
const damagedKeys = new WeakMap<World, string>();

async function damagedWorld(more = MORE): Promise<World> {
  const w = await archived(TEXT, { sidecar: "1\n" });
  const recorder = w.archiver.recorder("s");
  if (more !== "") await recorder.append(more);
  await recorder.close();
  const key = await keyAt(w, "archiveKey");
  await flip(w, key, 0.5);
  damagedKeys.set(w, key);
  damagedBytes.set(w, await sinkBytesOf(w, key));
  return w;
}

/** The damaged bytes are under their own key or in quarantine. */
async function expectDamagedKept(w: World): Promise<void> {
  const key = damagedKeys.get(w) ?? "";
  const copy = quarantineKey(key) ?? "";
  const at = (await w.ports.archives.stat(copy)) ? copy : key;
  expect(await sinkBytesOf(w, at)).toEqual(damagedBytes.get(w));
}

test("cut short at any call that writes, it loses nothing, and the next one completes it", {
  timeout: 120_000,
}, async () => {
  const calls = await cutShortAnywhere(
    () => damagedWorld(),
    (w) => w.archiver.salvage("s"),
    async (w) => {
      await expectDamagedKept(w);
      await w.archiver.gc({ graceDays: 0 });
      await expectDamagedKept(w);
      const done = await w.archiver.salvage("s");
      expect(["salvaged", "whole"]).toContain(done.outcome);
      await w.archiver.verify("s");
      await expectDamagedKept(w);
      const { salvaged, lineCount } = await w.archiver.info("s");
      expect(salvaged).toHaveLength(1);
      const left = without(TEXT, salvaged[0]?.lostLines ?? []) + MORE;
      expect(await readText(w, "s")).toBe(left);
      await w.archiver.settle("s", { recount: true });
      expect((await w.archiver.info("s")).lineCount).toBe(left.match(/\n/g)?.length);
      expect(lineCount).toBeGreaterThan(0);
      expect(await toBytes(w.archiver.read("s", { name: "times" }))).toHaveLength(2);
    },
  );
  expect(calls).toBeGreaterThan(5);
});

/** Runs `other` once, before the n-th call of a port by the salvage. */
async function between(w: World, n: number, other: () => Promise<unknown>): Promise<boolean> {
  let calls = 0;
  let isBusy = false;
  const undo: (() => void)[] = [];
  for (const port of [w.ports.objects, w.ports.blobs, w.ports.archives]) {
    const methods = port as unknown as Record<string, unknown>;
    for (const [name, real] of Object.entries(methods)) {
      if (typeof real !== "function" || name === "list") continue;
      const call = async (args: unknown[]): Promise<unknown> => {
        if (!isBusy && ++calls === n) {
          isBusy = true;
          await other();
          isBusy = false;
        }
        return real(...args);
      };
      methods[name] =
        name === "read"
          ? async function* (...args: unknown[]) {
              yield* (await call(args)) as AsyncIterable<Uint8Array>;
            }
          : (...args: unknown[]) => call(args);
      undo.push(() => {
        methods[name] = real;
      });
    }
  }
  await w.archiver.salvage("s").catch((error: { code?: string }) => {
    expect(error.code).toBe("CONFLICT");
  });
  for (const one of undo) one();
  return calls >= n;
}

const OTHERS: readonly (readonly [string, (w: World) => Promise<unknown>])[] = [
  [
    "an append",
    async (w) => {
      const recorder = w.archiver.recorder("s");
      await recorder.append(MORE);
      await recorder.close();
    },
  ],
  ["a gc", (w) => w.archiver.gc({ graceDays: 0 })],
  ["another salvage", (w) => w.archiver.salvage("s")],
  ["an import that mends", (w) => w.archiver.import("s", sourceOf(TEXT + MORE))],
  ["a prune", (w) => w.archiver.pruneSession("s")],
  ["an update", (w) => w.archiver.update("s", (meta) => ({ ...meta, title: "new" }))],
];

test.each(OTHERS)("%s between any two of its calls loses nothing", { timeout: 120_000 }, async (what, other) => {
  // Only a session without new output is pruned.
  const more = what === "a prune" ? "" : MORE;
  for (let n = 1; ; n++) {
    const w = await damagedWorld(more);
    const was = await between(w, n, () => other(w));
    await w.archiver.salvage("s");
    await w.archiver.verify("s");
    const { salvaged, prunedAt } = await w.archiver.info("s");
    if (what === "a prune" && was) expect(prunedAt).not.toBeNull();
    if (prunedAt !== null) await w.archiver.undoPrune("s");
    const text = await readText(w, "s");
    const left = without(TEXT, salvaged[0]?.lostLines ?? []);
    const isMended = what.startsWith("an import") && text.startsWith(TEXT);
    expect(text.startsWith(isMended ? TEXT : left)).toBe(true);
    expect(text.slice((isMended ? TEXT : left).length).startsWith(more)).toBe(true);
    await expectDamagedKept(w).catch(async (error: unknown) => {
      // An import that was faster has given the damaged archive up, and gc has deleted it.
      if (!isMended) throw error;
    });
    if (!was) break;
  }
});

test("a session that is removed meanwhile stays removed", async () => {
  const w = world();
  await makeSession(w, "s", TEXT);
  await w.archiver.archive("s");
  await flip(w, await keyAt(w, "archiveKey"), 0.5);
  const { put } = w.ports.archives;
  w.ports.archives.put = async (...args) => {
    w.ports.archives.put = put;
    await w.archiver.remove("s");
    return put(...args);
  };
  await expect(w.archiver.salvage("s")).rejects.toMatchObject({ code: "NOT_FOUND" });
  expect((await keysOf(w)).filter((key) => !key.startsWith("quarantine/"))).toEqual([]);
});
