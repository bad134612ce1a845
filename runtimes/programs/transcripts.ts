/** transcripts: a line of Claude Code is identified and read. */
import assert from "node:assert/strict";
import { identify, parseLine } from "@session-archiver/transcripts";

const line = `{"type":"user","uuid":"u1","parentUuid":null,"sessionId":"s1","cwd":"/w","message":{"role":"user","content":"Fix it"}}`;
const { kind, id, cwd, title } = identify([line]);
assert.deepEqual([kind, id, cwd, title], ["claude-code", "claude-code:s1", "/w", "Fix it"]);
const { entries, flaw } = parseLine(line, kind);
assert.deepEqual(entries[0]?.blocks, [{ type: "text", text: "Fix it" }]);
assert.equal(flaw, null);
