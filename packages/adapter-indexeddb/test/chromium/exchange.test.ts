/** Archives made in the browser are read by the command line, and the other way round. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Writable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { openFs, openFsArchives } from "@session-archiver/adapter-fs";
import { runCli } from "@session-archiver/cli";
import { bytesOf } from "@session-archiver/core";
import { sessionIdOf } from "@session-archiver/core/format";
import { generateSession } from "@session-archiver/test-kit/sessions";
import { afterEach, beforeEach, expect, test } from "vitest";
import { useProfile } from "../support/chromium.js";
import type { Tab } from "../support/tab.js";

const SESSIONS: ReadonlyMap<string, Buffer> = new Map([
  ["long", Buffer.concat([...generateSession({ seed: 1, bytes: 2_500_000 })])],
  ["codex", Buffer.concat([...generateSession({ seed: 2, bytes: 400_000, kind: "codex" })])],
  ["torn", Buffer.from('{"type":"user"}\n\n  \n{"torn":"')],
]);

const chromium = useProfile();
let folder: string;
let tab: Tab;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "session-archiver-exchange-"));
  tab = await chromium.openTab();
  await tab.call("open", "exchange");
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

/** Runs the command line on stores in the folder; what it wrote. */
async function cli(...words: string[]): Promise<Buffer> {
  const written: { stdout: Buffer[]; stderr: Buffer[] } = { stdout: [], stderr: [] };
  const into = (chunks: Buffer[]): Writable =>
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(Buffer.from(chunk));
        done();
      },
    });
  const io = { stdout: into(written.stdout), stderr: into(written.stderr), env: {}, cwd: folder };
  const exitCode = await runCli(["--store", "fs:store", "--archives", "fs:archives", ...words], io);
  if (exitCode !== 0) throw new Error(`${words[0]} ended with ${exitCode}: ${Buffer.concat(written.stderr)}`);
  return Buffer.concat(written.stdout);
}

test("what the browser archived, the command line reads, verifies and restores", async () => {
  for (const [id, bytes] of SESSIONS) {
    chromium.site.files.set(id, bytes);
    // Archived in two goes: the second adds to what the first made.
    await tab.call("addFile", id, id);
    await tab.call("archive", id);
    await tab.call("append", id, "more\n");
    await tab.call("archive", id);
  }
  await tab.call("collect");
  const store = openFs(join(folder, "store"));
  const archives = openFsArchives(join(folder, "archives"));
  for (const key of await tab.call("uploadArchives")) {
    await archives.put(key, bytesOf(chromium.site.uploads.get(key) ?? Buffer.of()));
  }
  for (const id of SESSIONS.keys()) await store.objects.put(id, (await tab.call("info", id)).meta, null);
  await Promise.all([store.close(), archives.close()]);

  expect(JSON.parse(String(await cli("verify", "--json")))).toMatchObject({ checked: SESSIONS.size, bad: [] });
  for (const when of ["archived", "live"]) {
    for (const [id, bytes] of SESSIONS) {
      const { sessions } = JSON.parse(String(await cli("list", "--all", "--json"))) as {
        sessions: { id: string; state: string }[];
      };
      expect(sessions.find((one) => one.id === id)?.state).toBe(when);
      expect((await cli("cat", "--", id)).equals(Buffer.concat([bytes, Buffer.from("more\n")]))).toBe(true);
    }
    if (when === "archived") await cli("restore", "--", ...SESSIONS.keys());
  }
});

test("what the command line archived, the browser reads, verifies and restores", async () => {
  await mkdir(join(folder, "sessions"));
  for (const [id, bytes] of SESSIONS) await writeFile(join(folder, "sessions", `${id}.jsonl`), bytes);
  await cli("import", "sessions");
  await cli("archive", "--", ...SESSIONS.keys());
  // By what their lines say, where they say it.
  const ids = new Map<string, Buffer>();
  for (const [name, bytes] of SESSIONS) {
    const [info] = JSON.parse(String(await cli("info", "--json", "--", name))) as { id: string }[];
    ids.set(info?.id ?? "", bytes);
  }

  const store = openFs(join(folder, "store"));
  const archives = openFsArchives(join(folder, "archives"));
  for (const [id, bytes] of ids) {
    const keys: string[] = [];
    for await (const { key } of archives.list()) {
      if (sessionIdOf(key) !== id) continue;
      keys.push(key);
      chromium.site.files.set(key, await buffer(archives.read(key)));
    }
    expect(keys).toHaveLength(bytes.length < 64 * 1024 ? 1 : 2); // a short session's manifest is inline
    await tab.call("takeArchives", id, (await store.objects.get(id))?.meta ?? {}, keys);
  }
  await Promise.all([store.close(), archives.close()]);

  const expectSame = async (): Promise<void> => {
    for (const [id, bytes] of ids) {
      chromium.site.files.set(id, bytes);
      expect(await tab.call("differing", [id])).toEqual([]);
    }
  };
  expect(await tab.call("verifyAll")).toMatchObject({ checked: ids.size, bad: [] });
  await expectSame();
  for (const id of ids.keys()) {
    await tab.call("restore", id);
    expect((await tab.call("info", id)).state).toBe("live");
  }
  await expectSame();
});
