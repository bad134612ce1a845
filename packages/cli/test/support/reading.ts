/** Makes stores with a session in every state, and lists every command that only reads. */
import { join } from "node:path";
import type { Cli } from "./cli.js";
import { transcript, writeFiles } from "./sessions.js";

export const STATES = ["live", "archived", "resumed", "pruned"] as const;

/** Runs a command that must not fail. */
export async function makeSessions({ folder, run }: Pick<Cli, "folder" | "run">): Promise<void> {
  const files = Object.fromEntries(STATES.map((id) => [`p/${id}.jsonl`, transcript(20, undefined, id)]));
  await writeFiles(folder, files);
  const must = async (...words: string[]): Promise<void> => {
    const { exitCode, stderr } = await run(...words);
    if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${exitCode}: ${stderr}`);
  };
  await must("import", join(folder, "p"));
  await must("archive", "archived", "resumed", "pruned");
  await writeFiles(folder, { "p/resumed.jsonl": transcript(20, undefined, "resumed") + transcript(5) });
  await must("import", join(folder, "p", "resumed.jsonl"));
  await must("pin", "live", "archived", "resumed");
  await must("prune", "--max-total-bytes", "0");
  await must("unpin", "live", "resumed");
}

export const READING: readonly (readonly string[])[] = [
  ["list"],
  ["stats"],
  ["verify"],
  ["verify", "archived"],
  ["verify", "--sample", "2"],
  ["info", ...STATES],
  ["cat", "live"],
  ["show", "live"],
  ["show", "archived", "--last"],
  ["show", "resumed", "--line", "3"],
  ["cat", "archived", "--tail", "3"],
  ["cat", "resumed", "--lines", "2:3"],
  ["export", "archived", "-o", "-"],
  ["sweep", "--inactive-days", "0", "--max-total-bytes", "0", "--dry-run"],
  ["prune", "--max-total-bytes", "0", "--grace", "0", "--dry-run"],
  ["gc", "--grace", "0", "--dry-run"],
];
