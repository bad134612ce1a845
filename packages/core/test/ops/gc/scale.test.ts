/** What a gc asks of the ports for each session of a large store: each call may be a trip to a server. */
import { expect, test } from "vitest";
import { createArchiver } from "../../../src/index.js";
import { type Calls, countedPorts } from "../../counted-calls.js";
import { makeSession, type World, world } from "../../support.js";
import { dieBeforeCommit } from "./support.js";

/** What the sink holds of each session: what a gc has to do about it, and what it asks for that. */
const CASES: Readonly<Record<string, readonly [prepare: (w: World, id: string) => Promise<unknown>, calls: Calls]>> = {
  "its archive": [(w, id) => w.archiver.archive(id), {}],
  "an archive that a restore has given up": [
    async (w, id) => {
      await w.archiver.archive(id);
      await w.archiver.restore(id);
    },
    { "objects.get": 6, "blobs.list": 2, "archives.stat": 2, "archives.delete": 1, "objects.put": 1 },
  ],
  "an archive that an archiver had no time to commit": [
    dieBeforeCommit,
    {
      ...{ "objects.get": 6, "blobs.list": 2, "blobs.read": 2, "archives.read": 6, "archives.stat": 6 },
      ...{ "archives.delete": 1, "objects.put": 2 },
    },
  ],
  "an archive, and no object": [
    async (w, id) => {
      await w.archiver.archive(id);
      const object = await w.ports.objects.get(id);
      await w.ports.objects.delete(id, object?.version ?? "");
    },
    {},
  ],
};

async function callsWith(sessions: number, prepare: (w: World, id: string) => Promise<unknown>): Promise<Calls> {
  const w = world();
  for (let n = 0; n < sessions; n++) {
    await makeSession(w, `s${n}`, "x\n");
    await prepare(w, `s${n}`);
  }
  const calls: Record<string, number> = {};
  const ports = countedPorts(w.ports, (name) => {
    calls[name] = (calls[name] ?? 0) + 1;
  });
  await createArchiver({ ...ports, now: () => w.now }).gc({ graceDays: 0 });
  return calls;
}

test.each(Object.entries(CASES))("%s", async (_, [prepare, expected]) => {
  const [few, many] = [await callsWith(10, prepare), await callsWith(30, prepare)];
  const each = Object.entries(many).map(([name, count]) => [name, (count - (few[name] ?? 0)) / 20] as const);
  expect(Object.fromEntries(each.filter(([, count]) => count !== 0))).toEqual(expected);
});
