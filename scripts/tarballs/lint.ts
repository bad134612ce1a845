/** What others find in the tarballs: exports that don't resolve, types that don't fit them. */
import { execFile } from "node:child_process";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { type Consumer, ROOT } from "./consumer.ts";
import { inTurn } from "./run.ts";

const LINTERS: readonly (readonly [command: string, ...options: string[]])[] = [
  ["attw", "--profile", "esm-only"],
  ["publint", "--strict"],
];

export async function lintTarballs({ tarballs }: Consumer): Promise<void> {
  const jobs = tarballs.flatMap((tarball) => LINTERS.map((linter) => ({ tarball, linter })));
  await inTurn(jobs, async ({ tarball, linter: [command, ...options] }) => {
    const args = [join(ROOT, "node_modules/.bin", command), tarball, ...options];
    await promisify(execFile)(process.execPath, args, { cwd: ROOT }).catch(
      (error: { stdout?: string; stderr?: string }) => {
        throw new Error(`${command} refuses ${basename(tarball)}:\n${error.stdout ?? ""}${error.stderr ?? ""}`);
      },
    );
  });
  console.log(`${tarballs.length} tarballs: ${LINTERS.map(([command]) => command).join(" and ")} find nothing`);
}
