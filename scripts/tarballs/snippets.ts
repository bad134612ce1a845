/** The documentation's snippets run on the oldest Node, with nothing but the packed packages. */
import { join } from "node:path";
import { extractSnippets, type Snippet } from "../../docs/src/snippets.ts";
import { documents } from "../../docs/test/repository.ts";
import type { Consumer } from "./consumer.ts";
import { inTurn, type Job, run } from "./run.ts";
import type { Runtime } from "./runtimes.ts";

/** Its binary needs version 10 of Node-API, which Node 22.14 brought: see docs/runtimes.md. */
const NOT_ON_OLDEST = /from "better-sqlite3"/;

export async function checkSnippets(consumer: Consumer, [oldest]: readonly Runtime[]): Promise<void> {
  if (!oldest) return;
  const jobs = [...documents()].flatMap(([path, markdown]) =>
    extractSnippets(markdown).flatMap((snippet) => add(consumer, oldest, path, snippet)),
  );
  await inTurn(jobs, async (job) => void (await run(job)));
  if (jobs.length === 0) throw new Error("The documentation has no snippet that is run.");
  console.log(`${oldest.name}: ${jobs.length} snippets of the documentation`);
}

/** Adds the snippet's file, which others may import, and gives the job that runs it, if it is to be run. */
function add(consumer: Consumer, runtime: Runtime, path: string, { code, check, file, line }: Snippet): readonly Job[] {
  if (check === "none" || check === "browser") return [];
  const folder = `snippets/${path.replaceAll(/[^a-z0-9]+/gi, "-")}`;
  const name = file ?? `line-${line}.ts`;
  consumer.addModule(`${folder}/${name}`, code);
  if (check !== "run") return [];
  if (NOT_ON_OLDEST.test(code)) {
    console.log(`${runtime.name}: ${path}:${line} uses better-sqlite3, which needs a newer Node; skipped`);
    return [];
  }
  const module = join(consumer.folder, folder, name.replace(/\.ts$/, ".js"));
  return [{ runtime, module, cwd: consumer.addFolder(`${folder}/at-${line}`), title: `${path}:${line}` }];
}
