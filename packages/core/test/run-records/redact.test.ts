/** What run records say of a forgotten session goes, and what they say to other catalogues stays. */
import { expect, test } from "vitest";
import { type ArchiverOptions, bytesOf, createArchiver, toBytes } from "../../src/index.js";
import { encode, jsonl, makeSession, NOW, recordsOf, type World, world } from "../support.js";

async function recordTexts(w: World): Promise<string> {
  const texts = await Promise.all(
    (await recordsOf(w)).map(async (key) => new TextDecoder().decode(await toBytes(w.ports.archives.read(key)))),
  );
  return texts.join("");
}

/** Two archived sessions; each was pruned, with a reason, and taken back. */
async function prunedOnce(): Promise<World> {
  const w = world();
  for (const id of ["s", "other"]) {
    await makeSession(w, id, jsonl(3));
    await w.archiver.archive(id);
    await w.archiver.pruneSession(id, { reason: `reason of ${id}` });
    await w.archiver.undoPrune(id);
  }
  return w;
}

/** The same stores with the catalogue as it was then. */
async function catalogueThen(w: World): Promise<() => Promise<void>> {
  const objects = await Array.fromAsync(w.ports.objects.list());
  const own = await w.ports.objects.ownMeta?.get();
  return async () => {
    for (const { id, meta } of objects) {
      await w.ports.objects.put(id, meta, (await w.ports.objects.get(id))?.version ?? null);
    }
    await w.ports.objects.ownMeta?.put(own?.meta ?? {}, (await w.ports.objects.ownMeta.get())?.version ?? null);
  };
}

function another(w: World, options: Partial<ArchiverOptions> = {}) {
  return createArchiver({ ...w.ports, now: () => NOW, ...options });
}

test("records say no more of the session than that it is gone, and all that they said of others", async () => {
  const w = await prunedOnce();
  const before = await recordTexts(w);
  expect(before).toContain("reason of s");
  await w.archiver.forget("s");
  const after = await recordTexts(w);
  expect(after).not.toContain("reason of s");
  expect(after).toContain("reason of other");
  expect(after.match(/"id":"s"[^}]*}/g)).toEqual(['"id":"s","change":"removed"}']);
  // The catalogue knows its new records, and still gives up what is due.
  expect(await w.archiver.setBack()).toBeNull();
  w.now += 1000;
  await w.archiver.pruneSession("other");
  expect(await w.archiver.prune({ graceDays: 0 })).toMatchObject({ purgedCount: 1, refused: null });
});

test("a catalogue that was set back to before it still gives nothing up, and forgets as well", async () => {
  const w = await prunedOnce();
  await w.archiver.pruneSession("other");
  const setBack = await catalogueThen(w);
  await w.archiver.undoPrune("other");
  await w.archiver.forget("s");
  await setBack();
  const old = another(w);
  expect(await old.setBack()).toContain("set back");
  expect(await old.prune({ graceDays: 0 })).toMatchObject({
    purgedCount: 0,
    refused: expect.stringContaining("set back"),
  });
  await old.forget("s");
  expect(await old.setBack()).toContain("set back");
  expect(await recordTexts(w)).not.toContain("reason of s");
});

test("forgetting in a catalogue that was set back hides no record from it, and shows none to the other", async () => {
  const w = await prunedOnce();
  const setBack = await catalogueThen(w);
  await w.archiver.prune({ maxTotalBytes: 0 }); // one record of both
  expect(await recordTexts(w)).toContain('"id":"s","change":"pruned","reason":"archives over the byte cap"');
  const goOn = await catalogueThen(w);
  await setBack();
  const old = another(w);
  await old.forget("s");
  expect((await recordTexts(w)).match(/"id":"s"[^}]*}/g)).toEqual(['"id":"s","change":"removed"}']);
  expect(await recordTexts(w)).toContain('"id":"other","change":"pruned","reason":"archives over the byte cap"');
  expect(await old.setBack()).toContain("set back");
  // The newer catalogue lacks one record only: that of the forgetting.
  await goOn();
  const unknown = await another(w).setBack();
  expect(unknown).toContain("holds a run record that");
});

test("records that can't be read are named, and stay", async () => {
  const w = await prunedOnce();
  const [key = ""] = await recordsOf(w);
  const damaged = key.replace(/.{16}\.json$/, "0000000000000000.json");
  await w.ports.archives.put(damaged, bytesOf(encode('{"id":"s"')));
  await w.ports.archives.put(`quarantine/${damaged}.damaged`, bytesOf(encode("{")));
  const { left } = await w.archiver.forget("s");
  expect(left.map((one) => one.key).sort()).toEqual([damaged, `quarantine/${damaged}.damaged`].sort());
  expect(await recordsOf(w)).toContain(damaged);
});
