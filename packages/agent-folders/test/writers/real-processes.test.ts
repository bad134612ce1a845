/** With the processes of this machine. Under root it runs as another user: root would have to see all processes. */
import { execFile } from "node:child_process";
import { chown, readlink, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { FROM_SOURCES } from "@session-archiver/test-kit/machine";
import { afterAll, expect, test } from "vitest";
import { temporary } from "../support/temporary.js";
import { startWriter } from "../support/writer.js";

const uid = process.geteuid?.() === 0 ? 1000 : process.geteuid?.();
const namespace = await readlink("/proc/self/ns/pid").catch(() => "none");
const isInitial = namespace === "pid:[4026531836]";
const script = fileURLToPath(new URL("../support/look-program.mjs", import.meta.url));
const user = uid === process.geteuid?.() ? {} : { uid, gid: uid };
const writer = startWriter(user);
afterAll(() => writer[Symbol.asyncDispose]());

async function look(root: string, path: string): Promise<{ found: string; blind?: string }> {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [...FROM_SOURCES, script, root, path], user);
  return JSON.parse(stdout);
}

test.skipIf(!isInitial)(`a process that has a file open is seen (from ${namespace})`, async () => {
  await using folder = await temporary();
  const path = `${folder.path}/s.jsonl`;
  await writeFile(path, "{}\n", { mode: 0o600 });
  if (uid !== undefined) for (const owned of [folder.path, path]) await chown(owned, uid, uid);
  const nobody = (blind: string | undefined) => (blind === undefined ? "nobody" : "unknown");
  const before = await look(folder.path, path);
  expect(before.found).toBe(nobody(before.blind));
  await writer.do({ act: "open", path });
  expect((await look(folder.path, path)).found).toBe("somebody");
  await writer.do({ act: "close" });
  const after = await look(folder.path, path);
  expect(after.found).toBe(nobody(after.blind));
});
