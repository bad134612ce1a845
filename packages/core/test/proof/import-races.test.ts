/** Imports beside other operations, at each of their writes. */
import { describe, expect, test } from "vitest";
import { isRecordKey } from "../../src/format.js";
import type { Ports } from "../../src/index.js";
import { sourceOf } from "../ops/import/sources.js";
import { jsonl, readText, type World, world } from "../support.js";

const none = async (): Promise<void> => {};
const FIRST = jsonl(40, 1);
const GROWN = FIRST + jsonl(9, 2);
const put = (text: string) => (w: World) => w.archiver.import("s", sourceOf(text, { version: undefined }));
const REWRITTEN = GROWN.slice(300) + jsonl(4, 3);

/** Lets something else happen before the nth write of a port, until it is stopped. */
function before(ports: Ports, at: number, other: () => Promise<unknown>): () => void {
  let writes = 0;
  let isInside = false;
  for (const [port, names] of [
    [ports.objects, ["put", "delete"]],
    [ports.blobs, ["create", "append", "delete"]],
    [ports.archives, ["put"]],
  ] as const) {
    const methods = port as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
    for (const name of names) {
      const method = methods[name];
      methods[name] = async (...args) => {
        // Of one archiver's run records one is written at a time: the other would wait for this one.
        if (!isInside && !isRecordKey(String(args[0])) && writes++ === at) {
          isInside = true;
          await other();
          isInside = false;
        }
        return method?.(...args);
      };
    }
  }
  return () => {
    isInside = true;
  };
}

/** Before each write of an import in turn, until it has no more. */
async function atEachWrite(
  prepare: (w: World) => Promise<unknown>,
  operate: (w: World) => Promise<unknown>,
  other: (w: World) => Promise<unknown>,
  check: (w: World) => Promise<void>,
): Promise<number> {
  for (let at = 0; at < 60; at++) {
    const w = world();
    await prepare(w);
    let isReached = false;
    const stop = before(w.ports, at, async () => {
      isReached = true;
      await other(w);
    });
    await operate(w);
    stop();
    if (!isReached) return at;
    await check(w);
    await w.archiver.settle("s");
    await w.archiver.archive("s");
    await w.archiver.verify("s");
  }
  throw new Error("It never ends.");
}

describe("an import, and another before each of its writes:", () => {
  test.each([
    ["a new session, the same source", none, FIRST, FIRST, FIRST],
    ["a new session, a longer source", none, FIRST, GROWN, GROWN],
    ["a new session, a shorter source", none, GROWN, FIRST, GROWN],
    ["a grown session, the same source", put(FIRST), GROWN, GROWN, GROWN],
    ["a grown session, a longer source", put(FIRST), GROWN, GROWN + FIRST, GROWN + FIRST],
    ["a rewritten source, the same source", put(GROWN), REWRITTEN, REWRITTEN, REWRITTEN],
    ["a rewritten source, a longer one", put(GROWN), REWRITTEN, REWRITTEN + FIRST, REWRITTEN + FIRST],
    ["a rewritten source, the old one", put(GROWN), REWRITTEN, GROWN, REWRITTEN],
  ])("%s", async (_, prepare, first, second, result) => {
    const writes = await atEachWrite(prepare, put(first), put(second), async (w) => {
      expect(await readText(w, "s")).toBe(result);
      const { versions, lineCount } = await w.archiver.info("s");
      expect(lineCount).toBe(result.split("\n").length - 1);
      expect(versions.length).toBe(result === REWRITTEN || result === REWRITTEN + FIRST ? 1 : 0);
    });
    expect(writes).toBeGreaterThan(1);
  });
});

describe("an import, and another operation before each of its writes:", () => {
  const others: readonly (readonly [string, (w: World) => Promise<unknown>])[] = [
    ["archive", (w) => w.archiver.archive("s").catch(() => undefined)],
    [
      "archive and gc",
      async (w) => {
        await w.archiver.archive("s").catch(() => undefined);
        await w.archiver.gc({ graceDays: 0 });
      },
    ],
    ["restore", (w) => w.archiver.restore("s").catch(() => undefined)],
    ["settle", (w) => w.archiver.settle("s")],
    [
      "prune",
      async (w) => {
        await w.archiver.archive("s").catch(() => undefined);
        await w.archiver.prune({ maxTotalBytes: 0 });
      },
    ],
    ["pin", (w) => w.archiver.pin("s", true)],
  ];
  test.each(others)("%s, of a grown and of a rewritten source", async (_, other) => {
    for (const prepare of [
      put(FIRST),
      async (w: World) => {
        await put(FIRST)(w);
        await w.archiver.archive("s");
      },
    ]) {
      for (const text of [GROWN, REWRITTEN]) {
        await atEachWrite(prepare, put(text), other, async (w) => {
          const info = await w.archiver.info("s");
          if (info.state === "pruned") await w.archiver.undoPrune("s");
          expect(await readText(w, "s")).toBe(text);
          expect(info.versions).toHaveLength(text === GROWN ? 0 : 1);
        });
      }
    }
  });

  test("an append: it is in the session, or in what is kept of it", async () => {
    for (const prepare of [
      put(FIRST),
      async (w: World) => {
        await put(FIRST)(w);
        await w.archiver.archive("s");
      },
    ]) {
      const append = async (w: World): Promise<void> => {
        const recorder = w.archiver.recorder("s");
        await recorder.append("mine\n");
        await recorder.close();
      };
      const kept = async (w: World): Promise<string> => {
        let all = await readText(w, "s");
        for (const { version } of (await w.archiver.info("s")).versions) {
          for await (const chunk of w.archiver.read("s", { version })) all += new TextDecoder().decode(chunk);
        }
        return all;
      };
      let written = 0;
      const writes = await atEachWrite(
        prepare,
        put(REWRITTEN),
        async (w) => {
          await append(w);
          written++;
        },
        async (w) => {
          const all = await kept(w);
          expect(all).toContain(REWRITTEN);
          expect(all).toContain(FIRST);
        },
      );
      expect(written).toBe(writes);
      // Each time it was written, it is there.
      for (let at = 0; at < writes; at++) {
        const w = world();
        await prepare(w);
        before(w.ports, at, () => append(w));
        await put(REWRITTEN)(w);
        expect((await kept(w)).split("mine\n")).toHaveLength(2);
      }
    }
  });

  test("a removal: the session is gone, or made anew", async () => {
    for (let at = 0; at < 8; at++) {
      const w = world();
      await put(FIRST)(w);
      before(w.ports, at, () => w.archiver.remove("s"));
      await put(GROWN)(w);
      if (await w.ports.objects.get("s")) expect(await readText(w, "s")).toBe(GROWN);
    }
  });
});
