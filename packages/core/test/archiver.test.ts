/** What holds for every operation of an archiver. */
import { expect, test } from "vitest";
import { toBytes } from "../src/index.js";
import { world } from "./support.js";

test("an unknown id is NOT_FOUND", async () => {
  const { archiver } = world();
  const calls = [
    archiver.archive("x"),
    archiver.restore("x"),
    archiver.verify("x"),
    archiver.settle("x"),
    archiver.info("x"),
    archiver.undoPrune("x"),
    archiver.pin("x", true),
    archiver.recorder("x").append("{}\n"),
    toBytes(archiver.read("x")),
    toBytes(archiver.tail("x", 1)),
    toBytes(archiver.lines("x", { from: 0 })),
  ];
  for (const call of calls) await expect(call).rejects.toMatchObject({ code: "NOT_FOUND", id: "x" });
});
