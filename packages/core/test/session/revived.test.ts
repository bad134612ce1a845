/** New output of a session with a tombstone causes one event. */
import { describe, expect, test } from "vitest";
import { bytesOf } from "../../src/index.js";
import { encode, eventsOf, readText, type World } from "../support.js";
import { archived, text } from "./support.js";

describe("new output causes one event", () => {
  const revived = (from: "pruned" | "purged") => [
    { type: "revived", id: "s", from, lostBytes: from === "purged" ? text.length : 0 },
  ];

  async function gone(state: "pruned" | "purged"): Promise<World> {
    const w = await archived();
    await w.archiver.pruneSession("s");
    if (state === "purged") await w.archiver.prune({ graceDays: 0 });
    return w;
  }

  test.each(["pruned", "purged"] as const)("of a %s session, once, when it is appended", async (state) => {
    const w = await gone(state);
    await using recorder = w.archiver.recorder("s");
    await recorder.append("more\n");
    await recorder.append("and more\n");
    await recorder.flush();
    expect(eventsOf(w, "revived")).toEqual(revived(state));
    expect(await readText(w, "s")).toBe(`${state === "purged" ? "" : text}more\nand more\n`);
  });

  test.each(["pruned", "purged"] as const)(
    "of a %s session whose host wrote it, when that is archived",
    async (state) => {
      const w = await gone(state);
      await w.ports.blobs.create({ id: "s", name: "output" }, "live-2", bytesOf(encode("more\n")));
      await w.archiver.archive("s");
      expect(eventsOf(w, "revived")).toEqual(revived(state));
      expect((await w.archiver.info("s")).state).toBe("archived");
    },
  );

  test("of a pruned session whose host wrote it, when its bytes would be given up", async () => {
    const w = await gone("pruned");
    await w.ports.blobs.create({ id: "s", name: "output" }, "live-2", bytesOf(encode("more\n")));
    expect(await w.archiver.prune({ graceDays: 0 })).toMatchObject({ purgedCount: 0 });
    expect(eventsOf(w, "revived")).toEqual(revived("pruned"));
    expect(await readText(w, "s")).toBe(`${text}more\n`);
  });

  test("but not that of a session in use, nor an undo that was asked for", async () => {
    const w = await archived();
    await w.archiver.recorder("s").append("more\n");
    await w.archiver.archive("s");
    await w.archiver.pruneSession("s");
    await w.archiver.undoPrune("s");
    await w.archiver.recorder("s").append("more\n");
    expect(eventsOf(w, "revived")).toEqual([]);
  });
});
