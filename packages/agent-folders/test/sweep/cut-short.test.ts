/** A session whose first archive was cut short. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { ArchiverError, createArchiver } from "@session-archiver/core";
import { expect, test } from "vitest";
import { originalsIn } from "../../src/read-originals.js";
import { restoreUnit } from "../../src/restore/restore.js";
import { planFolders } from "../../src/sweep/plan.js";
import { sweepFolders } from "../../src/sweep/run.js";
import { lines, put, world } from "../support/world.js";

test("defect: once it was put back, it counted as archived", async () => {
  const w = await world();
  await put(w, "p/a.jsonl", lines(5));
  const archives = new Proxy(w.ports.archives, {
    get: (target, key) => (key === "put" ? cutShort : Reflect.get(target, key)?.bind(target)),
  });
  const archiver = createArchiver({ ...w.ports, archives, codec: zlibCodec(), now: () => w.now });
  const host = { ...w.host, archiver };
  expect((await sweepFolders(host, await planFolders(host, [w.place]))).failures).toMatchObject([{ id: "toy:a" }]);
  expect(originalsIn((await w.archiver.info("toy:a")).meta)?.pending).toBe(true);

  expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 0 });
  expect(originalsIn((await w.archiver.info("toy:a")).meta)?.pending).toBe(true);
  // So it can be asked for again, and the next sweep brings it to an end.
  await put(w, "p/a.jsonl", lines(7));
  expect(await restoreUnit(w.host, "toy:a")).toMatchObject({ restoredFiles: 0 });
  expect((await w.sweep({ cooldownDays: 0 })).done).toMatchObject([{ outcome: "freed" }]);
  expect(await w.archiver.read("toy:a").text()).toBe(lines(7));
});

async function cutShort(): Promise<never> {
  throw new ArchiverError("UNAVAILABLE", "The machine was switched off.");
}
