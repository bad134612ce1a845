/** What others find in the tarballs: exports that don't resolve, types that don't fit them. */
import { basename, join } from "node:path";
import { type Consumer, ROOT } from "./consumer.ts";
import { inTurn, run } from "./run.ts";
import { OURS } from "./runtimes.ts";

const LINTERS: readonly (readonly [command: string, ...options: string[]])[] = [
  ["attw", "--profile", "esm-only"],
  ["publint", "--strict"],
];

export async function lintTarballs({ folder, tarballs }: Consumer): Promise<void> {
  const jobs = tarballs.flatMap((tarball) => LINTERS.map((linter) => ({ tarball, linter })));
  await inTurn(jobs, async ({ tarball, linter: [command, ...options] }) => {
    const module = join(ROOT, "node_modules/.bin", command);
    const title = `${command} of ${basename(tarball)}`;
    await run({ runtime: OURS, module, args: [tarball, ...options], cwd: folder, title });
  });
  console.log(`${tarballs.length} tarballs: ${LINTERS.map(([command]) => command).join(" and ")} find nothing`);
}
