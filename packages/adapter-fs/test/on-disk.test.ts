/** What sessions and archives take up on disk, and what archiving frees there, as `du` sees it. */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { bytesOf, createArchiver } from "@session-archiver/core";
import { CORPUS, corpusFiles, hasCorpus, NO_CORPUS } from "@session-archiver/test-kit/machine";
import { expect, test } from "vitest";
import { openFs } from "../src/index.js";
import { type Temporary, temporary } from "./support/temporary.js";

const onPosix = test.skipIf(process.platform === "win32");
const SMALL = 8_000;

/** Bytes in allocated blocks, directories too. */
function allocated(...paths: readonly string[]): number {
  const lines = execFileSync("du", ["-s", "--block-size=1", ...paths], { encoding: "utf8" })
    .trim()
    .split("\n");
  return lines.reduce((sum, line) => sum + Number.parseInt(line, 10), 0);
}

/** Small sessions of real lines, ten in each of some projects. */
async function filled(outputs: readonly Uint8Array[]): Promise<Temporary> {
  const directory = await temporary();
  await using store = openFs(directory.path);
  const archiver = createArchiver(store);
  for (const [n, output] of outputs.entries()) {
    const recorder = archiver.recorder(`agent/project ${n % 5}/${n}`, { create: { view: "agent" } });
    await recorder.append(output);
    await recorder.close();
  }
  return directory;
}

onPosix("blobs and archives are measured in blocks, with the directory that goes with the blobs", async () => {
  await using directory = await filled([new Uint8Array(SMALL).fill(10), new Uint8Array(9).fill(10)]);
  await using store = openFs(directory.path);
  const at = (...names: string[]): string => join(directory.path, ...names);
  const id = "agent/project 0/0";
  const live = allocated(at("store/agent/project%200/0"));
  expect(live).toBeGreaterThan(SMALL);
  expect(await store.blobs.diskBytes?.(id)).toBe(live);
  expect(await store.blobs.diskBytes?.("agent/project 0")).toBe(0); // a directory of others
  await store.archives.put("d/a.json", bytesOf(new Uint8Array(5)));
  expect(await store.archives.diskBytes?.("d/a.json")).toBe(allocated(at("archives/d/a.json")));
  expect([await store.blobs.diskBytes?.("none"), await store.archives.diskBytes?.("none")]).toEqual([0, 0]);
});

onPosix("a sweep says how much less its sessions take up", async () => {
  await using directory = await filled(
    Array.from({ length: 12 }, (_, n) => new TextEncoder().encode('{"n":1}\n'.repeat(n * 900 + 1))),
  );
  await using store = openFs(directory.path);
  const folder = (name: string): string => join(directory.path, name);
  const before = allocated(folder("store"));
  const report = await createArchiver(store).sweep({ inactiveDays: 0 });
  expect(report.archivedCount).toBe(12);
  const files = execFileSync("find", [folder("archives"), "-name", "*.json", "-o", "-name", "*.gz"], {
    encoding: "utf8",
  });
  const sessions = files
    .trim()
    .split("\n")
    .filter((file) => !file.includes("/runs/"));
  expect(sessions).toHaveLength(12 + 2); // the two longest have a manifest beside them
  const index = allocated(folder("store/store.json"));
  expect(report.diskBytesFreed).toBe(before + index - allocated(folder("store")) - allocated(...sessions));
  expect((await createArchiver(store).sweep({ inactiveDays: 0 })).diskBytesFreed).toBeUndefined();
});

test.skipIf(!hasCorpus)(
  `small real sessions free more than half of their blocks (${hasCorpus ? "corpus" : NO_CORPUS})`,
  async () => {
    const lines: string[] = [];
    for (const path of await corpusFiles("claude-code")) {
      const text = await readFile(join(CORPUS, "claude-code", path), "utf8");
      lines.push(...text.split("\n").filter((line) => line !== "" && line.length < SMALL / 3));
      if (lines.length > 2_000) break;
    }
    const outputs: Uint8Array[] = [];
    for (let text = ""; outputs.length < 100; text += `${lines.shift()}\n`) {
      if (text.length < SMALL - 500) continue;
      outputs.push(new TextEncoder().encode(text));
      text = "";
    }
    await using directory = await filled(outputs);
    await using store = openFs(directory.path);
    const before = allocated(join(directory.path, "store"));
    const { diskBytesFreed = 0 } = await createArchiver(store).sweep({ inactiveDays: 0 });
    expect(diskBytesFreed / before).toBeGreaterThan(1 / 2);
  },
);
