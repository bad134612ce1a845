import { expect, test } from "vitest";
import type { SessionInfo } from "../../src/index.js";
import { jsonl, type World, world } from "../support.js";

async function record(w: World, id: string, text: string): Promise<void> {
  const recorder = w.archiver.recorder(id, { create: {} });
  await recorder.append(text);
  await recorder.close();
}

async function listed(w: World, from?: "metadata"): Promise<readonly SessionInfo[]> {
  const infos: SessionInfo[] = [];
  for await (const info of w.archiver.list({ from })) infos.push(info);
  return infos.sort((a, b) => (a.id < b.id ? -1 : 1));
}

test("settling counts, where asked to, what a writer that died has not", async () => {
  const w = world();
  for (const [id, first] of [
    ["new", ""],
    ["known", `${jsonl(3)}half`],
    ["archived", jsonl(2)],
  ] as const) {
    await w.archiver.create(id);
    if (first !== "") await record(w, id, first);
    if (id === "archived") await w.archiver.archive(id);
    // Its stats never come.
    const recorder = w.archiver.recorder(id, { statsEveryMs: 1e9 });
    await recorder.append(`a line\n\n${"x".repeat(100)}`);
    const { objects } = w.ports;
    const { put } = objects;
    objects.put = () => Promise.reject(new Error("gone"));
    await recorder.append("y").catch(() => {});
    objects.put = put;
    await w.archiver.settle(id, { recount: true });
    const text = `${first}a line\n\n${"x".repeat(100)}y`;
    const info = await w.archiver.info(id);
    expect(info, id).toMatchObject({
      rawBytes: text.length,
      lineCount: text.split("\n").filter((line) => line.trim() !== "").length,
    });
    expect((await listed(w, "metadata")).find((other) => other.id === id)).toEqual(info);
  }
});
