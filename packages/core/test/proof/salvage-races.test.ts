/** A salvage that meets other operations: nothing is lost, and it ends right or with `CONFLICT`. */
import { expect, test } from "vitest";
import { sourceOf } from "../ops/import/sources.js";
import { damagedWorld, expectDamagedKept, MORE, TEXT } from "../ops/salvage/damaged.js";
import { without } from "../ops/salvage/support.js";
import { readText, type World } from "../support.js";

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
