/** Mirrors: files that lie elsewhere are archived where they lie, whatever the session holds already. */
import { describe, expect, test } from "vitest";
import { type ArchiverOptions, bytesOf, type ImportSource, type Original, toBytes } from "../../src/index.js";
import { cutShortAnywhere } from "../faults.js";
import { encode, eventsOf, jsonl, keysOf, metaOf, NOW, readText, type World, world } from "../support.js";
import { sourceOf } from "./import/sources.js";

const FIRST = jsonl(40, 1);
const GROWN = FIRST + jsonl(9, 2);
const SIDE = jsonl(12, 3);
const ORIGINALS = { state: "kept", home: "/home/me/.claude" };

function files(output: string | ImportSource, sidecars: Readonly<Record<string, string>> = {}): readonly Original[] {
  return [
    { name: "output", source: typeof output === "string" ? sourceOf(output) : output },
    ...Object.entries(sidecars).map(([name, text]) => ({ name, source: sourceOf(text) })),
  ];
}

async function sidecar({ archiver }: World, name: string): Promise<string> {
  return new TextDecoder().decode(await toBytes(archiver.read("s", { name })));
}

/** Fails whenever anything is put into the blob store. */
function noCopies(): World {
  const w = world();
  w.ports.blobs.create = () => Promise.reject(new Error("A copy was made."));
  w.ports.blobs.append = w.ports.blobs.create as never;
  return w;
}

describe("a new session", () => {
  test("goes straight into the archive with its sidecars, its times, facts and counts", async () => {
    const w = noCopies();
    const options = {
      originals: ORIGINALS,
      members: { output: { path: "a.jsonl", mode: 0o600 } },
      meta: { title: "mine" },
    };
    const done = await w.archiver.mirror("s", files(FIRST, { "subagents/a.jsonl": SIDE }), options);
    expect(done).toMatchObject({
      outcome: "mirrored",
      files: [
        { name: "output", outcome: "created", rawBytes: FIRST.length },
        { name: "subagents/a.jsonl", outcome: "created", rawBytes: SIDE.length },
      ],
    });
    expect(await readText(w, "s")).toBe(FIRST);
    expect(await sidecar(w, "subagents/a.jsonl")).toBe(SIDE);
    expect(await w.archiver.info("s")).toMatchObject({ state: "mirrored", lineCount: 40, liveBytes: 0 });
    expect(await metaOf(w)).toMatchObject({
      title: "mine",
      view: "agent",
      "session:originals": ORIGINALS,
      "session:last_activity_ms": NOW - 30 * 86_400_000 + 39_000,
      "session:source": { identity: "s", size: FIRST.length },
    });
    expect(eventsOf(w, "archived")).toMatchObject([{ liveBytesFreed: 0 }]);
    await w.archiver.verify("s");
    expect((await w.archiver.gc({ graceDays: 0 })).unknown.count).toBe(0);
  });

  test("has in its manifest what a rebuild needs, and a rebuild trusts none of it", async () => {
    const w = world();
    const members = { output: { path: "projects/a.jsonl", mode: 0o600, mtimeMs: NOW } };
    await w.archiver.mirror("s", files(FIRST), { originals: ORIGINALS, members });
    const anew = world({ archives: w.ports.archives });
    await anew.archiver.rebuild();
    expect(await anew.archiver.info("s")).toMatchObject({ state: "archived", lineCount: 40 });
    expect((await metaOf(anew))["session:originals"]).toMatchObject({ home: ORIGINALS.home, rebuilt: true });
    expect((await metaOf(anew))["session:members"]).toEqual(members);
    expect((await anew.archiver.info("s")).lastActivityMs).toBe((await w.archiver.info("s")).lastActivityMs);
  });

  test("needs an output that is not empty, and each name once", async () => {
    const w = world();
    const twice = [...files(FIRST), ...files(FIRST)];
    for (const wrong of [[], files(""), [{ name: "a", source: sourceOf("x") }], twice]) {
      await expect(w.archiver.mirror("s", wrong)).rejects.toMatchObject({ code: "INVALID_ARGUMENT" });
    }
    expect(await metaOf(w)).toEqual({});
  });

  test("whose file changes between two looks is not archived, and leaves nothing", async () => {
    const w = world();
    let looks = 0;
    const changing: ImportSource = {
      size: FIRST.length,
      read: (range) => sourceOf(++looks === 1 ? FIRST : FIRST.replace("user", "USER")).read(range),
    };
    await expect(w.archiver.mirror("s", files(changing))).rejects.toMatchObject({ code: "CONFLICT" });
    expect(await keysOf(w)).toEqual([]);
    expect(await metaOf(w)).toEqual({});
  });
});

describe("a session that is mirrored already", () => {
  test("is brought up to what the files hold by their new bytes alone", async () => {
    const w = noCopies();
    await w.archiver.mirror("s", files(FIRST, { a: SIDE, b: "1\n" }));
    const again = await w.archiver.mirror("s", files(FIRST, { a: SIDE, b: "1\n" }), { originals: ORIGINALS });
    expect(again.files.map(({ outcome }) => outcome)).toEqual(["unchanged", "unchanged", "unchanged"]);
    expect(again.archiveBytesAdded).toBe(0);
    const more = await w.archiver.mirror("s", files(GROWN, { a: `${SIDE}2\n`, b: "1\n", c: "new\n" }));
    expect(more.files.map(({ outcome }) => outcome)).toEqual(["appended", "appended", "unchanged", "created"]);
    expect(await readText(w, "s")).toBe(GROWN);
    expect(await sidecar(w, "a")).toBe(`${SIDE}2\n`);
    expect(await sidecar(w, "c")).toBe("new\n");
    expect((await w.archiver.info("s")).lineCount).toBe(49);
  });

  test("takes nothing from a copy of an earlier state", async () => {
    const w = world();
    await w.archiver.mirror("s", files(GROWN));
    const before = await keysOf(w);
    const { files: done } = await w.archiver.mirror("s", files(FIRST));
    expect(done).toMatchObject([{ outcome: "older", rawBytes: FIRST.length }]);
    expect(await keysOf(w)).toEqual(before);
  });

  test("keeps a rewritten output as a version, and takes it for known afterwards", async () => {
    const w = world();
    await w.archiver.mirror("s", files(FIRST));
    const other = jsonl(30, 9);
    expect((await w.archiver.mirror("s", files(other))).files).toMatchObject([{ outcome: "replaced" }]);
    expect(await readText(w, "s")).toBe(other);
    expect(new TextDecoder().decode(await toBytes(w.archiver.read("s", { version: 1 })))).toBe(FIRST);
    expect((await w.archiver.info("s")).liveBytes).toBe(0);
    expect((await w.archiver.mirror("s", files(FIRST))).files).toMatchObject([
      { outcome: "older", rawBytes: FIRST.length },
    ]);
    expect(await readText(w, "s")).toBe(other);
  });

  test("leaves a rewritten sidecar to its caller", async () => {
    const w = world();
    await w.archiver.mirror("s", files(FIRST, { a: "1\n" }));
    const { files: done } = await w.archiver.mirror("s", files(FIRST, { a: "2\n" }));
    expect(done).toMatchObject([{ outcome: "unchanged" }, { name: "a", outcome: "differs" }]);
    expect(await sidecar(w, "a")).toBe("1\n");
  });
});

describe("a session that the store holds already", () => {
  test.each(["live", "archived", "resumed", "restored"])("is adopted when it is %s", async (state) => {
    const w = world();
    await w.archiver.import("s", sourceOf(FIRST));
    if (state !== "live") await w.archiver.archive("s");
    if (state === "restored") await w.archiver.restore("s");
    if (state === "resumed") await w.archiver.import("s", sourceOf(GROWN));
    const more = `${GROWN}${jsonl(2, 7)}`;
    await w.archiver.mirror("s", files(more, { a: SIDE }), { originals: ORIGINALS });
    expect(await readText(w, "s")).toBe(more);
    expect(await w.archiver.info("s")).toMatchObject({ state: "mirrored", liveBytes: 0, versions: [] });
    expect((await w.archiver.import("s", sourceOf(more))).outcome).toBe("unchanged");
  });

  test("is left alone when it has a tombstone and no new output, and revived when it has", async () => {
    const w = world();
    await w.archiver.mirror("s", files(FIRST));
    await w.archiver.pruneSession("s");
    expect(await w.archiver.mirror("s", files(FIRST))).toMatchObject({ outcome: "pruned", files: [] });
    expect((await w.archiver.info("s")).state).toBe("pruned");
    expect(await w.archiver.mirror("s", files(GROWN))).toMatchObject({ outcome: "mirrored" });
    expect(await readText(w, "s")).toBe(GROWN);
    await w.archiver.forget("s");
    expect(await w.archiver.mirror("s", files(GROWN))).toMatchObject({ outcome: "forgotten" });
  });

  test("with an empty blob gets its output", async () => {
    const w = world();
    await w.archiver.create("s");
    await w.ports.blobs.create({ id: "s", name: "output" }, "live-1", bytesOf());
    await w.archiver.mirror("s", files(FIRST));
    expect(await readText(w, "s")).toBe(FIRST);
  });
});

test("a source's arrays stay its own", async () => {
  const w = world();
  const bytes = encode(jsonl(2000));
  const half = bytes.length >> 1;
  const halves = [bytes.slice(0, half), bytes.slice(half)];
  const source = {
    ...sourceOf(bytes),
    async *read({ start, end }: { readonly start: number; readonly end: number }) {
      if (start === 0 && end === bytes.length) yield* halves;
      else yield bytes.slice(start, end);
    },
  };
  await w.archiver.mirror("s", files(source));
  expect(await toBytes(w.archiver.read("s"))).toEqual(bytes);
  expect(await toBytes(bytesOf(...halves))).toEqual(bytes);
});

test("output that a host records meanwhile is neither lost nor doubled", async () => {
  const w = world();
  await w.archiver.mirror("s", files(FIRST));
  const { archives } = w.ports;
  const put = archives.put.bind(archives);
  let isOnce = true;
  archives.put = async (key, body, op) => {
    const info = await put(key, body, op);
    if (isOnce && key.endsWith(".jsonl.gz")) {
      isOnce = false;
      const recorder = w.archiver.recorder("s");
      await recorder.append('{"by":"host"}\n');
      await recorder.close();
    }
    return info;
  };
  await w.archiver.mirror("s", files(GROWN)).catch(() => {});
  const text = await readText(w, "s");
  const kept = await Promise.all(
    (await w.archiver.info("s")).versions.map(({ version }) => toBytes(w.archiver.read("s", { version }))),
  );
  const all = [text, ...kept.map((bytes) => new TextDecoder().decode(bytes))];
  expect(all.some((one) => one.includes('{"by":"host"}'))).toBe(true);
  expect(all.every((one) => one.startsWith(FIRST) && one.split('{"by":"host"}').length <= 2)).toBe(true);
});

describe("cut short at any call", () => {
  const check = async (w: World, text: string): Promise<void> => {
    const held = await w.archiver.info("s").then(
      () => readText(w, "s").catch(() => ""),
      () => "",
    );
    expect(text.startsWith(held)).toBe(true);
    // The note must not say `mirrored` before the bytes are archived.
    const meta = await metaOf(w);
    const isNoted = (meta["session:originals"] as { pending?: boolean } | undefined)?.pending !== true;
    if (meta["session:originals"] && isNoted) expect(held).toBe(text);
    await w.archiver.mirror("s", files(text, { a: SIDE }), { originals: ORIGINALS });
    expect(await readText(w, "s")).toBe(text);
    expect(await sidecar(w, "a")).toBe(SIDE);
    expect(await w.archiver.info("s")).toMatchObject({ state: "mirrored", liveBytes: 0, versions: [] });
    await w.archiver.gc({ graceDays: 0 });
    await w.archiver.verify("s");
  };

  test("a new session's mirror is done by the next one", async () => {
    const mirror = (w: World) => w.archiver.mirror("s", files(FIRST, { a: SIDE }), { originals: ORIGINALS });
    expect(
      await cutShortAnywhere(
        async () => world(),
        mirror,
        (w) => check(w, FIRST),
      ),
    ).toBeGreaterThan(6);
  });

  test.each(["live", "mirrored", "resumed"])("so is that of one that was %s", async (state) => {
    const prepare = async (options: Partial<ArchiverOptions> = {}): Promise<World> => {
      const w = world(options);
      if (state === "mirrored") await w.archiver.mirror("s", files(FIRST));
      else await w.archiver.import("s", sourceOf(FIRST));
      if (state !== "resumed") return w;
      await w.archiver.archive("s");
      await w.archiver.import("s", sourceOf(FIRST + encodeLine()));
      return w;
    };
    const text = state === "resumed" ? FIRST + encodeLine() + jsonl(4, 8) : GROWN;
    const mirror = (w: World) => w.archiver.mirror("s", files(text, { a: SIDE }), { originals: ORIGINALS });
    await cutShortAnywhere(prepare, mirror, (w) => check(w, text));
  });
});

function encodeLine(): string {
  return new TextDecoder().decode(encode('{"one":"more"}\n'));
}
