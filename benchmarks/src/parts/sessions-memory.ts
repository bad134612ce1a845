/** Many small sessions through the command line, each step in a process of its own: time and peak memory. */
import { createHash } from "node:crypto";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ACTIVE_MS, outputOf } from "../growth/made-sessions.js";
import { runCli } from "../measure/cli.js";
import { settleDisk } from "../measure/rounds.js";
import type { Series } from "../report/series.js";
import type { Part } from "./part.js";
import { littleMemory } from "./targets.js";

const FOLDERS = 50;
/** Of archive bytes for each session: it has about 3,620, manifest included. With half of that, half of them are purged. */
const HALF_OF_EACH = 1810;

export const sessionsMemoryPart: Part = {
  name: "sessions-memory",
  about: "many small sessions (--sessions) through the command line: time and peak memory; one round",
  optIn: true,
  unsized: true,
  async run({ sessions, scratch }) {
    const series: Series[] = [];
    for (const count of sessions) series.push(...(await steps(count, join(scratch, String(count)))));
    return {
      part: "sessions-memory",
      title: "Small sessions through the command line, archives in files, each step in a process of its own",
      series,
      claims: littleMemory(...series.map(({ name }) => name)),
    };
  },
};

async function steps(count: number, folder: string): Promise<readonly Series[]> {
  const [source, home, rebuilt] = ["source", "home", "rebuilt"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  await writeSessions(source, count);
  const series: Series[] = [];
  const step = async (name: string, ...args: string[]): Promise<void> => {
    const { seconds, peakMiB } = await runCli(args);
    const peaksMiB = peakMiB === undefined ? [] : [peakMiB];
    series.push({ name: `${count.toLocaleString("en")}: ${name}`, unit: "s", samples: [seconds], peaksMiB });
    settleDisk(folder);
  };
  const at = ["--home", home];
  await step("import", ...at, "import", source);
  await step("import again", ...at, "import", source);
  await step("list", ...at, "list");
  await step("sweep", ...at, "sweep");
  await step("list of archives", ...at, "list");
  await step("verify", ...at, "verify");
  await step("purge of half", ...at, "prune", "--max-total-bytes", String(count * HALF_OF_EACH), "--grace", "0");
  await step("gc", ...at, "gc", "--grace", "0");
  await mkdir(rebuilt, { recursive: true });
  await step("rebuild", "--home", rebuilt, "--archives", `fs:${join(home, "archives")}`, "rebuild");
  return series;
}

/** Files that were last changed long ago, each with its own time. */
async function writeSessions(folder: string, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const below = join(folder, `folder-${i % FOLDERS}`);
    if (i < FOLDERS) await mkdir(below, { recursive: true });
    const name = createHash("sha256").update(String(i)).digest("hex").slice(0, 32);
    const lastMs = ACTIVE_MS - i * 60_000;
    const path = join(below, `${name}.jsonl`);
    await writeFile(path, outputOf(name, lastMs));
    await utimes(path, lastMs / 1000, lastMs / 1000);
  }
}
