/** A program for each public package does its main job on each runtime, and each reads what the others have stored. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { type Consumer, ROOT } from "./consumer.ts";
import { inTurn, type Job, run } from "./run.ts";
import type { Runtime } from "./runtimes.ts";

const PROGRAMS = join(ROOT, "runtimes/programs");
const STORES = ["fs", "sqlite", "memory"];

export async function checkPrograms(consumer: Consumer, runtimes: readonly Runtime[]): Promise<void> {
  for (const file of readdirSync(PROGRAMS)) {
    consumer.addModule(`programs/${file}`, readFileSync(join(PROGRAMS, file), "utf8"));
  }
  const transcripts = makeTranscripts(consumer);
  const folderOf = ({ name }: Runtime): string => consumer.addFolder(`work/${name}`);
  const jobOf = (runtime: Runtime, name: string, ...args: string[]): Job => ({
    runtime,
    module: join(consumer.folder, `programs/${name}.js`),
    args,
    cwd: folderOf(runtime),
    title: name,
  });
  const names = consumer.packages.map(({ name }) => name.replace("@session-archiver/", ""));
  const others = runtimes.filter(({ command: [path] }) => path !== process.execPath);
  await inTurn(
    [
      // First, as it takes longest. On this Node, the tests run it.
      ...STORES.flatMap((store) => others.map((runtime) => jobOf(runtime, "conformance", store))),
      ...names
        .filter((name) => name !== "conformance")
        .flatMap((name) => runtimes.map((runtime) => jobOf(runtime, name, transcripts))),
    ],
    async (job) => console.log(`${job.runtime.name}: ${job.title} ${(await run(job)).trim()}`.trimEnd()),
  );
  await inTurn(runtimes, async (runtime) => {
    await run(jobOf(runtime, "reading", ...runtimes.map(folderOf)));
    console.log(`${runtime.name}: reads what all of them have stored`);
  });
}

/** A folder of transcripts to import, with what is in them beside it. */
function makeTranscripts(consumer: Consumer): string {
  const expected = consumer.addFolder("transcripts/expected");
  const folder = consumer.addFolder("transcripts/transcripts");
  const halves = (text: string): readonly string[] => [text.slice(0, 300_000), text.slice(300_000)];
  const packed: Readonly<Record<string, readonly [ending: string, pack: (text: string) => Buffer]>> = {
    plain: ["", Buffer.from],
    gzipped: [".gz", (text) => Buffer.concat(halves(text).map((half) => gzipSync(half)))],
    zstd: [".zst", (text) => Buffer.concat(halves(text).map((half) => zstdCompressSync(half)))],
  };
  for (const [id, [ending, pack]] of Object.entries(packed)) {
    const text = Array.from({ length: 5000 }, (_, n) => lineOf(id, n)).join("");
    writeFileSync(join(expected, `${id}.jsonl`), text);
    writeFileSync(join(folder, `${id}.jsonl${ending}`), pack(text));
  }
  return join(consumer.folder, "transcripts");
}

function lineOf(id: string, n: number): string {
  const timestamp = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
  return `${JSON.stringify({ role: "user", timestamp, content: `${id} ${"word ".repeat(n % 50)}ü\u{1f600}` })}\n`;
}
