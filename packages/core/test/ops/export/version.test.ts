/** Exports of earlier outputs, which imports have replaced. */
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { ArchiverError, toBytes } from "../../../src/index.js";
import { keptOutputs } from "../../../src/session/versions.js";
import { jsonl, loseManifests, type World, world } from "../../support.js";
import { sourceOf } from "../import/sources.js";

const TEXTS = [jsonl(30, 1), jsonl(20, 2), jsonl(10, 3)] as const;

/** A session that was rewritten twice, in this state. */
async function rewritten(state: "live" | "archived" | "pruned"): Promise<World> {
  const w = world();
  for (const text of TEXTS) {
    w.now += 1000;
    await w.archiver.import("s", sourceOf(text));
  }
  if (state !== "live") await w.archiver.archive("s");
  if (state === "pruned") await w.archiver.pruneSession("s");
  return w;
}

async function keptPath({ archiver }: World, version: number): Promise<string> {
  return keptOutputs((await archiver.info("s")).meta)[version - 1]?.archiveKey ?? "";
}

test.each(["live", "archived", "pruned"] as const)(
  "of a %s session: raw, or the archive's own bytes, without its manifest",
  async (state) => {
    const w = await rewritten(state);
    for (const [i, text] of TEXTS.slice(0, 2).entries()) {
      const version = i + 1;
      const raw = await w.archiver.export("s", { version });
      expect(raw).toMatchObject({ format: "jsonl", copied: false, size: text.length });
      expect(await raw.bytes.text()).toBe(text);
      const gzip = await w.archiver.export("s", { version, as: "gzip" });
      const bytes = await gzip.bytes.bytes();
      expect(gzip).toMatchObject({ format: "gzip", copied: true, size: bytes.length });
      expect(bytes).toEqual(await toBytes(w.shown.read(await keptPath(w, version))));
      expect(gunzipSync(bytes).toString()).toBe(text);
    }
    if (state !== "pruned") expect(await (await w.archiver.export("s")).bytes.text()).toBe(TEXTS[2]);
  },
);

test("without its manifest it is checked by the archive itself", async () => {
  const w = await rewritten("live");
  await loseManifests(w);
  const { bytes } = await w.archiver.export("s", { version: 1, as: "gzip" });
  expect(gunzipSync(await bytes.bytes()).toString()).toBe(TEXTS[0]);
});

test("a damaged or missing archive is CORRUPT, and the session's other outputs are not touched by it", async () => {
  const w = await rewritten("archived");
  const key = await keptPath(w, 1);
  const { read } = w.ports.archives;
  for (const how of ["changed", "gone"]) {
    w.ports.archives.read = async function* (asked, range, op) {
      if (asked === key && how === "gone") throw new ArchiverError("NOT_FOUND", "It is gone.", { key });
      for await (const chunk of read(asked, range, op)) yield asked === key ? chunk.map((byte) => byte ^ 1) : chunk;
    };
    for (const as of ["jsonl", "gzip"] as const) {
      const { bytes } = await w.archiver.export("s", { version: 1, as });
      await expect(bytes.bytes(), `${how} ${as}`).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
      expect(await (await w.archiver.export("s", { version: 2 })).bytes.text()).toBe(TEXTS[1]);
      expect(await (await w.archiver.export("s")).bytes.text()).toBe(TEXTS[2]);
    }
  }
});

test("what a sink can't find just once is looked for again, and no other version is given", async () => {
  const w = await rewritten("archived");
  const key = await keptPath(w, 1);
  const { read } = w.ports.archives;
  let reads = 0;
  w.ports.archives.read = async function* (asked, range, op) {
    if (asked === key && reads++ === 0) throw new ArchiverError("NOT_FOUND", "Not to be found now.", { key });
    yield* read(asked, range, op);
  };
  expect(await (await w.archiver.export("s", { version: 1 })).bytes.text()).toBe(TEXTS[0]);
  expect(reads).toBeGreaterThan(1);
});

test("it stays what it is while the session is rewritten once more", async () => {
  const w = await rewritten("archived");
  for (const as of ["jsonl", "gzip"] as const) {
    const exported = await w.archiver.export("s", { version: 2, as });
    await w.archiver.import("s", sourceOf(jsonl(5, as.length)));
    const bytes = await exported.bytes.bytes();
    expect((as === "gzip" ? gunzipSync(bytes) : Buffer.from(bytes)).toString()).toBe(TEXTS[1]);
  }
});

test("a version that there isn't is NOT_FOUND; of sidecars there are none, and no number is no version", async () => {
  const { archiver } = await rewritten("live");
  await expect(archiver.export("s", { version: 3 })).rejects.toMatchObject({ code: "NOT_FOUND", id: "s" });
  await expect(archiver.export("s", { version: 1, name: "side" })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
  await expect(archiver.export("s", { version: 0 })).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
});
