/** Sessions are looked at many at a time, since in a store on a server each look is a wait; what is said of them keeps its order. */
import { expect, test } from "vitest";
import { ArchiverError, type ArchiveSink } from "../../src/index.js";
import { jsonl, keysOf, makeSession, type World, world } from "../support.js";

const IDS = Array.from({ length: 20 }, (_, n) => `s${String(n).padStart(2, "0")}`);

async function twenty(): Promise<World> {
  const w = world();
  for (const [n, id] of IDS.entries()) await makeSession(w, id, jsonl(5, n));
  for (const id of IDS) await w.archiver.archive(id);
  return w;
}

/** The world with each look at an archive preceded by `wait`. */
function waiting({ ports }: World, wait: () => Promise<void>): World {
  const archives: ArchiveSink = {
    ...ports.archives,
    async stat(...given) {
      await wait();
      return ports.archives.stat(...given);
    },
    async *read(...given) {
      await wait();
      yield* ports.archives.read(...given);
    },
  };
  return world({ ...ports, archives });
}

test.each([false, true])("many at a time, in the order of the list (quick: %s)", async (quick) => {
  const w = await twenty();
  for (const key of await keysOf(w))
    if (key.endsWith(".gz") && /\/s\d[37]\./.test(key)) await w.ports.archives.delete(key);
  let now = 0;
  let most = 0;
  const slow = waiting(w, async () => {
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
  });
  const found = await Array.fromAsync(slow.archiver.examine({ quick, graceDays: 0 }));
  expect(found.flatMap(({ ids }) => ids)).toEqual(["s03", "s07", "s13", "s17"]);
  expect(most).toBeGreaterThan(4);
});

test.each([false, true])(
  "a sink that can't be reached ends it, and is not taken for damage (quick: %s)",
  async (quick) => {
    const w = await twenty();
    let looks = 0;
    const failing = waiting(w, async () => {
      if (++looks > 5) throw new ArchiverError("UNAVAILABLE", "The line is cut.");
    });
    await expect(Array.fromAsync(failing.archiver.examine({ quick, graceDays: 0 }))).rejects.toMatchObject({
      code: "UNAVAILABLE",
    });
  },
);
