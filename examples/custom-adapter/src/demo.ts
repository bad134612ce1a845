/** Records a session, archives it and reads it back: all in LevelDB, in a directory that is removed again. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createArchiver, toBytes } from "@session-archiver/core";
import { openLevel } from "./level.js";

const directory = await mkdtemp(join(tmpdir(), "session-archiver-level-"));
const store = await openLevel(directory);
const archiver = createArchiver(store);

const recorder = archiver.recorder("session-1", { create: { title: "a demo" } });
for (let turn = 0; turn < 1000; turn++) {
  await recorder.append(`${JSON.stringify({ type: "user", turn, text: `question ${turn}` })}\n`);
}
await recorder.close();

const { rawBytes, archiveBytes } = await archiver.archive("session-1");
console.log(`archived ${rawBytes} bytes as ${archiveBytes}`);
const lastLine = new TextDecoder().decode(await toBytes(archiver.tail("session-1", 1)));
console.log(`last line: ${lastLine.trimEnd()}`);

await store.close();
await rm(directory, { recursive: true });
