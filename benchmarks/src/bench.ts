/** `npm run bench`: runs the parts, prints their results, and stores them in `results/`. */
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { openDataSet } from "./data/data-set.js";
import { sizeLabel } from "./data/size.js";
import { type BenchOptions, parseOptions, usage } from "./options.js";
import type { Bench, Part } from "./parts/part.js";
import { judge } from "./report/judge.js";
import { formatReport } from "./report/table.js";
import { writeReport } from "./report/write.js";

const args = process.argv.slice(2);
const options = parseOptions(args);
if (options.help) console.log(usage());
else await runAll(options);

async function runAll({ parts, size, source, rounds, sessions, folder, strict }: BenchOptions): Promise<void> {
  const data = openDataSet({ folder: join(folder, "session-archiver-bench-data"), size, source, log: console.log });
  let missed = 0;
  for (const part of parts) missed += await runOne(part, { data, rounds, sessions }, folder);
  console.log(missed === 0 ? "\nNo target was missed." : `\nTargets missed: ${missed}.`);
  if (strict && missed > 0) process.exitCode = 1;
}

/** The number of missed targets. */
async function runOne(part: Part, { data, rounds, sessions }: Omit<Bench, "scratch">, folder: string): Promise<number> {
  const scratch = await mkdtemp(join(folder, "session-archiver-bench-"));
  try {
    const report = await part.run({ data, rounds, sessions, scratch });
    console.log(formatReport(report));
    const path = await writeReport(report, {
      command: `npm run bench -- ${args.join(" ")}`.trim(),
      data: { source: data.source, bytes: data.size, ...data.ratios() },
      label: part.unsized ? undefined : sizeLabel(data.size),
    });
    console.log(path);
    return judge(report).filter(({ met }) => met === false).length;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
