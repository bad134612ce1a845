/** Measures whole processes of short commands, beside a Node process that does nothing. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BIN, runCli } from "../measure/cli.js";
import { processorSecondsOf, shareOf } from "../measure/process.js";
import { runRounds } from "../measure/rounds.js";
import type { Part } from "./part.js";

const NODE = "node -e 0";
const VERSION = "--version";
const LIST = "list of 10 sessions";
const LONG_LIST = "list of 5,000 sessions";

export const startUpPart: Part = {
  name: "start-up",
  about: "processor time of short commands, whole processes",
  optIn: true,
  unsized: true,
  async run({ rounds, scratch }) {
    const few = await home(join(scratch, "few"), 10);
    const many = await home(join(scratch, "many"), 5000);
    const commands = {
      [NODE]: ["-e", "0"],
      [VERSION]: [BIN, "--version"],
      [LIST]: [BIN, "--home", few, "list"],
      [LONG_LIST]: [BIN, "--home", many, "list"],
    };
    const contenders = Object.entries(commands).map(([name, args]) => ({
      name,
      run: async () => ({ seconds: processorSecondsOf(args) }),
    }));
    return {
      part: "start-up",
      title: "Processor time of whole processes",
      facts: {
        "drawing in a list of 5,000 sessions": `${(shareOf("tableOf", commands[LONG_LIST]) * 100).toFixed(1)} % of its time, of 20 % allowed`,
      },
      series: await runRounds(contenders, rounds, scratch),
      claims: [
        { kind: "speed", of: VERSION, than: NODE, atLeast: 1 / 1.5 },
        { kind: "speed", of: LIST, than: NODE, atLeast: 1 / 2.5 },
      ],
    };
  },
};

/** Makes a home with this many small sessions. */
async function home(folder: string, count: number): Promise<string> {
  const files = join(folder, "files");
  await mkdir(files, { recursive: true });
  for (let i = 0; i < count; i++) {
    const line = { type: "user", timestamp: new Date(1.79e12 + i * 60_000).toISOString(), message: `session ${i}` };
    await writeFile(join(files, `session-${i}.jsonl`), `${JSON.stringify(line)}\n`.repeat(5));
  }
  await runCli(["--home", join(folder, "home"), "--json", "import", files]);
  return join(folder, "home");
}
