/**
 * Imports a folder of transcripts into a temporary home, archives, reads, verifies and restores them, and proves that every
 * byte came back. It only reads the folder.
 */
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { json, run, show } from "./cli.js";
import { makeSampleFolder } from "./sample-folder.js";

interface Row {
  readonly id: string;
  readonly state: string;
  readonly rawBytes: number;
}

/** The file that a session was imported from. */
function originalOf(home: string, id: string): string {
  const [{ meta }] = json<[{ readonly meta: Readonly<Record<string, unknown>> }]>(home, "info", id);
  return (meta["session:source"] as { readonly location: string }).location;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest("hex");
}

const scratch = await mkdtemp(join(tmpdir(), "session-archiver-demo-"));
try {
  const home = join(scratch, "home");
  const folder = process.argv[2] === undefined ? join(scratch, "transcripts") : resolve(process.argv[2]);
  if (process.argv[2] === undefined) await makeSampleFolder(folder);

  show(home, "import", folder);
  console.log("\nBefore:");
  show(home, "stats");
  show(home, "sweep", "--inactive-days", "0");
  console.log("\nAfter:");
  show(home, "stats");

  const archived = json<{ readonly sessions: Row[] }>(home, "list", "--all").sessions.filter(
    ({ state }) => state === "archived",
  );
  const largest = archived.sort((a, b) => b.rawBytes - a.rawBytes)[0];
  if (!largest) throw new Error(`Nothing was archived: are there *.jsonl files with lines in them below ${folder}?`);
  console.log(`\n$ session-archiver cat ${largest.id} --tail 2`);
  const tail = run(home, "cat", largest.id, "--tail", "2").toString();
  for (const line of tail.trimEnd().split("\n")) console.log(line.length > 160 ? `${line.slice(0, 160)}…` : line);
  show(home, "verify");

  let same = 0;
  for (const { id } of archived) {
    const copy = join(scratch, "copy.jsonl");
    run(home, "export", id, "-o", copy);
    if ((await sha256(copy)) !== (await sha256(originalOf(home, id))))
      throw new Error(`${id} differs from its original`);
    await rm(copy);
    same++;
  }
  show(home, "restore", largest.id);
  const restored = join(scratch, "restored.jsonl");
  run(home, "export", largest.id, "-o", restored);
  const [before, after] = [await sha256(originalOf(home, largest.id)), await sha256(restored)];
  console.log(`\noriginal  ${before}\nrestored  ${after}`);
  if (before !== after) throw new Error(`${largest.id} differs from its original`);
  console.log(`\n${same} archived sessions and 1 restored session are equal to their originals, byte for byte.`);
} finally {
  await rm(scratch, { recursive: true, force: true });
}
