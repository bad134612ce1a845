/** All files of a session as of one moment, and a scan of their bytes. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { bytesOf, type OpenedFile } from "../../src/index.js";
import { countedPorts } from "../counted-calls.js";
import { sourceOf } from "../ops/import/sources.js";
import { encode, jsonl, keysOf, makeSession, readText, type World, world } from "../support.js";

const TEXT = jsonl(20);
const SIDES = { "tool-results/b.txt": "plain\n", "subagents/a.jsonl": jsonl(3) };

async function unit(): Promise<World> {
  const w = world();
  await makeSession(w, "s", TEXT);
  for (const [name, text] of Object.entries(SIDES)) {
    await w.ports.blobs.create({ id: "s", name }, `live-${name.length}`, bytesOf(encode(text)));
  }
  return w;
}

async function scanned(file: OpenedFile | undefined): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  if (file) for await (const chunk of file.scan()) text += decoder.decode(chunk, { stream: true });
  return text + decoder.decode();
}

async function textsOf({ archiver }: World): Promise<Record<string, string>> {
  const { files } = await archiver.openFiles("s");
  const texts: Record<string, string> = {};
  for (const file of files) {
    texts[file.name] = await scanned(file);
    expect(await file.read().text()).toBe(texts[file.name]);
  }
  return texts;
}

const append = (w: World, text: string): Promise<void> => {
  const recorder = w.archiver.recorder("s");
  return recorder.append(text).then(() => recorder.close());
};

/** How a session comes into each state, and its output then. */
const STATES: Record<string, [state: string, make: (w: World) => Promise<unknown>, more?: string]> = {
  live: ["live", async () => {}],
  archived: ["archived", (w) => w.archiver.archive("s")],
  resumed: ["resumed", (w) => w.archiver.archive("s").then(() => append(w, "more\n")), "more\n"],
  restored: ["live", (w) => w.archiver.archive("s").then(() => w.archiver.restore("s"))],
  "archived again": [
    "archived",
    async (w) => {
      await w.archiver.archive("s");
      await append(w, "more\n");
      await w.archiver.archive("s");
    },
    "more\n",
  ],
};

describe("opens and scans every file", () => {
  test.each(Object.entries(STATES))(
    "of a session that is %s: the output first, then sidecars by name",
    async (_, [state, make, more = ""]) => {
      const w = await unit();
      await make(w);
      const opened = await w.archiver.openFiles("s");
      expect(opened.info).toEqual(await w.archiver.info("s"));
      expect(opened.info.state).toBe(state);
      expect(opened.files.map(({ name }) => name)).toEqual(["output", "subagents/a.jsonl", "tool-results/b.txt"]);
      expect(await textsOf(w)).toEqual({ output: TEXT + more, ...SIDES });
    },
  );

  test("of a mirrored one", async () => {
    const w = world();
    const originals = Object.entries({ output: TEXT, ...SIDES }).map(([name, text]) => ({
      name,
      source: sourceOf(text),
    }));
    await w.archiver.mirror("s", originals, { originals: { state: "kept", home: "/home/me/.claude" } });
    expect((await w.archiver.openFiles("s")).info.state).toBe("mirrored");
    expect(await textsOf(w)).toEqual({ output: TEXT, ...SIDES });
  });

  test("of a pruned one only if it was written to since", async () => {
    const w = await unit();
    await w.archiver.archive("s");
    await w.archiver.pruneSession("s");
    await expect(w.archiver.openFiles("s")).rejects.toMatchObject({ code: "PRUNED", id: "s" });
    await append(w, "new\n");
    expect(await scanned((await w.archiver.openFiles("s")).files[0])).toContain("new\n");
  });

  test("but not of one that is unknown", async () => {
    await expect(world().archiver.openFiles("s")).rejects.toMatchObject({ code: "NOT_FOUND", id: "s" });
  });
});

describe("shows one moment", () => {
  test("whatever happens to the session afterwards", async () => {
    const w = await unit();
    const { files } = await w.archiver.openFiles("s");
    await w.archiver.archive("s");
    await append(w, "later\n");
    await w.archiver.archive("s");
    expect(await Promise.all(files.map(scanned))).toEqual([
      TEXT,
      SIDES["subagents/a.jsonl"],
      SIDES["tool-results/b.txt"],
    ]);
  });

  test("and of an archived session that needs two calls", async () => {
    const calls: string[] = [];
    const w = world(countedPorts(world().ports, (name) => calls.push(name)));
    await makeSession(w, "s", TEXT);
    await w.archiver.archive("s");
    calls.length = 0;
    await w.archiver.openFiles("s");
    expect(calls).toEqual(["blobs.list", "objects.get"]);
  });
});

describe("a scan", () => {
  test("gives the same bytes as a read, of any range, from segments and small archives", async () => {
    const w = world();
    const large = `${jsonl(30_000)}${"x".repeat(2_500_000)}\n${jsonl(5000)}`;
    await makeSession(w, "s", large);
    await w.archiver.archive("s");
    const [file] = (await w.archiver.openFiles("s")).files;
    await fc.assert(
      fc.asyncProperty(fc.nat(large.length), fc.nat(large.length), async (a, b) => {
        const range = { start: Math.min(a, b), end: Math.max(a, b) };
        let at = range.start;
        for await (const chunk of file?.scan(range) ?? []) {
          expect(Buffer.from(chunk).equals(Buffer.from(large.slice(at, at + chunk.length)))).toBe(true);
          at += chunk.length;
        }
        expect(at).toBe(range.end);
      }),
      { numRuns: 12 },
    );
    expect(await scanned(file)).toBe(large);
    expect(await readText(w, "s")).toBe(large);
  });

  const BOTH = [jsonl(20), jsonl(60_000)];

  /** Resolves to the key of an archive in which one byte is wrong; `place`: which, of its size. */
  async function damaged(w: World, text: string, place: (size: number) => number): Promise<string> {
    await makeSession(w, "s", text);
    await w.archiver.archive("s");
    const key = (await keysOf(w)).find((each) => each.endsWith(".jsonl.gz")) ?? "";
    const stored = Buffer.concat(await Array.fromAsync(w.ports.archives.read(key)));
    const at = place(stored.length);
    stored[at] = (stored[at] ?? 0) ^ 0xff;
    await w.ports.archives.delete(key);
    await w.ports.archives.put(key, bytesOf(stored));
    return key;
  }

  test.each(BOTH)("reads past a damaged frame, and warns of it once", async (text) => {
    for (const place of [() => 3, (size: number) => size - 1]) {
      const w = world();
      const key = await damaged(w, text, place);
      const warnings: Error[] = [];
      const [file] = (await w.archiver.openFiles("s", { onWarning: (error) => warnings.push(error) })).files;
      expect(await scanned(file)).toBe(text);
      expect(await scanned(file)).toBe(text);
      expect(warnings).toMatchObject([{ code: "CORRUPT", id: "s", key }]);
      expect(w.events.filter(({ type }) => type === "warning")).toHaveLength(1);
      await expect(file?.read().text()).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
    }
  });

  test.each(BOTH)("by lines gets past it as well, where it reads that part", async (text) => {
    const w = world();
    await damaged(w, text, () => 3);
    const warnings: Error[] = [];
    const lines = await w.archiver.openLines("s", { onWarning: (error) => warnings.push(error) });
    const first = await lines.lines(0, 2);
    expect(first.map((line) => line.text)).toEqual(text.split("\n").slice(0, 2));
    expect(warnings).toHaveLength(1);
  });

  test.each(BOTH)("gives no wrong bytes of a damaged archive", async (text) => {
    const w = world();
    await damaged(w, text, (size) => size >> 1);
    const [file] = (await w.archiver.openFiles("s")).files;
    let seen = "";
    const scan = async (): Promise<void> => {
      for await (const chunk of file?.scan() ?? []) seen += new TextDecoder().decode(chunk);
    };
    await expect(scan()).rejects.toMatchObject({ code: "CORRUPT", id: "s" });
    expect(text.startsWith(seen)).toBe(true);
  });

  test("of a small archive needs no manifest", async () => {
    const w = world();
    await makeSession(w, "s", TEXT);
    await w.archiver.archive("s");
    for (const key of await keysOf(w)) if (key.endsWith(".json")) await w.ports.archives.delete(key);
    expect(await scanned((await w.archiver.openFiles("s")).files[0])).toBe(TEXT);
    expect(w.events.filter(({ type }) => type === "warning")).toEqual([]);
  });
});
