/** A source of a known version costs next to nothing. */
import { describe, expect, test } from "vitest";
import { KEY } from "../../../src/adapter.js";
import { DAY, jsonl, makeSession, metaOf, NOW, readText, type World, world } from "../../support.js";
import { sourceOf } from "./sources.js";

const FIRST = jsonl(40, 1);

/** The names of the port calls that are made from now on. */
function countCalls({ ports }: World): string[] {
  const calls: string[] = [];
  for (const port of [ports.objects, ports.blobs, ports.archives]) {
    const methods = port as unknown as Record<string, unknown>;
    for (const [name, method] of Object.entries(methods)) {
      if (typeof method !== "function") continue;
      methods[name] = (...args: unknown[]): unknown => {
        calls.push(name);
        return method(...args);
      };
    }
  }
  return calls;
}

describe("a source of a known version", () => {
  test("is not read at all, and costs two or three port calls", async () => {
    const w = world();
    await w.archiver.import("s", sourceOf(FIRST, { location: "/x", identity: "codex:1" }));
    expect(await metaOf(w)).toMatchObject({
      [KEY.source]: { identity: "codex:1", location: "/x", version: expect.any(String), size: FIRST.length },
    });
    const source = sourceOf(FIRST);
    const calls = countCalls(w);
    expect(await w.archiver.import("s", source)).toMatchObject({ outcome: "unchanged", rawBytes: FIRST.length });
    expect(calls.splice(0)).toEqual(["get", "list"]);
    await w.archiver.archive("s");
    calls.length = 0;
    expect(await w.archiver.import("s", source)).toMatchObject({ outcome: "unchanged", rawBytes: FIRST.length });
    expect(calls).toEqual(["get", "list", "stat"]);
    expect(source.bytesRead()).toBe(0);
  });

  test("is compared once where an older command line had imported it", async () => {
    const w = world();
    const old = { "import:source": "x", "import:size": FIRST.length, "import:mtime_ms": 1 };
    await makeSession(w, "s", FIRST, { ...old, "session:last_activity_ms": NOW });
    const source = sourceOf(FIRST);
    expect(await w.archiver.import("s", source)).toMatchObject({ outcome: "unchanged" });
    expect(source.bytesRead()).toBe(FIRST.length);
    await w.archiver.import("s", source);
    expect(source.bytesRead()).toBe(FIRST.length);
    expect(await metaOf(w)).toMatchObject({ "session:line_count": 40 });
  });

  test("is compared where the times are of an earlier version, or live bytes were lost", async () => {
    const w = world();
    await w.archiver.import("s", sourceOf(FIRST));
    const object = await w.ports.objects.get("s");
    await w.ports.objects.put("s", { ...object?.meta, [KEY.lastActivity]: 1_700_000 }, object?.version ?? "");
    await w.archiver.import("s", sourceOf(FIRST));
    expect(await metaOf(w)).toMatchObject({ [KEY.lastActivity]: NOW - 30 * DAY + 39_000 });
    const blob = await w.ports.blobs.stat({ id: "s", name: "output" });
    if (blob) await w.ports.blobs.delete(blob);
    expect(await w.archiver.import("s", sourceOf(FIRST))).toMatchObject({ outcome: "created" });
    expect(await readText(w, "s")).toBe(FIRST);
  });
});
