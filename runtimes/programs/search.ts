/** search: sessions are chosen by what is noted of them. */
import assert from "node:assert/strict";
import { createArchiver, memoryPorts } from "@session-archiver/core";
import { factsOf, sessionMatcher } from "@session-archiver/search";
import { transcriptDescriber } from "@session-archiver/transcripts";

const archiver = createArchiver({ ...memoryPorts(), describe: transcriptDescriber() });
const line = `{"type":"user","uuid":"u1","parentUuid":null,"sessionId":"s1","cwd":"/w/app","message":{"role":"user","content":"Fix it"}}`;
await archiver.import("s", new Blob([`${line}\n`]).stream());
const matches = sessionMatcher({ projects: ["app"] });
const found: unknown[] = [];
for await (const info of archiver.list()) if (matches(info)) found.push([info.id, factsOf(info).title]);
assert.deepEqual(found, [["s", "Fix it"]]);
