/** agent-folders: a folder's session is swept, held or freed, and put back in its place with its mode. */
import assert from "node:assert/strict";
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  folderSource,
  nodeFiles,
  nodeFolderHost,
  placeOf,
  planFolders,
  sweepFolders,
  undoRun,
} from "@session-archiver/agent-folders";
import { createArchiver, memoryPorts } from "@session-archiver/core";

const folder = join(process.cwd(), "agent-folders");
const path = join(folder, "project", "old.jsonl");
const text = '{"role":"user","text":"hello"}\n'.repeat(20_000);
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, "project"), { recursive: true });
writeFileSync(path, text);
chmodSync(path, 0o600);
utimesSync(path, new Date("2026-01-01"), new Date("2026-01-01"));

const archiver = createArchiver(memoryPorts());
let now = Date.now();
const host = nodeFolderHost({ archiver, now: () => now, mayFree: async () => undefined });
const place = await placeOf(folderSource, folder, nodeFiles());
const { run, done, failures } = await sweepFolders(host, await planFolders(host, [place]));
assert.deepEqual(failures, []);
assert.match(done[0]?.outcome ?? "", /^(freed|held)$/);
assert.equal(statSync(path, { throwIfNoEntry: false }), undefined);
now += 25 * 60 * 60 * 1000;
await sweepFolders(host, await planFolders(host, [place]));
const { restored } = await undoRun(host, run.id);
assert.equal(restored.length, 1);
assert.equal(readFileSync(path, "utf8"), text);
assert.equal(statSync(path).mode & 0o777, 0o600);
