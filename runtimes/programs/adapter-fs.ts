/** adapter-fs: a store in the current folder, also opened read-only; its archives are files that zlib reads. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { openFs } from "@session-archiver/adapter-fs";
import { createArchiver } from "@session-archiver/core";
import { expectWhole, live } from "./life.js";
import { after, before } from "./transcript.js";

const store = openFs("fs");
await live(store);
await store.close();

const names = readdirSync("fs/archives", { recursive: true, encoding: "utf8" });
const archives = names.filter((path) => path.endsWith(".jsonl.gz"));
assert.equal(archives.length, 1);
assert.ok(gunzipSync(readFileSync(join("fs/archives", archives[0] ?? ""))).toString() === before + after);

const readOnly = openFs("fs", { readOnly: true });
await expectWhole(createArchiver(readOnly));
await readOnly.close();
