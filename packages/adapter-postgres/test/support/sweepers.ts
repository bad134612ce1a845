/** Several processes that sweep one store at once. */
import { fileURLToPath } from "node:url";
import { startChild } from "@session-archiver/test-kit/machine";
import type { Swept } from "./sweep-child.js";

const child = fileURLToPath(new URL("sweep-child.ts", import.meta.url));

/** They all begin once the last of them has opened the store. */
export async function sweepTogether(count: number, url: string, schema: string): Promise<readonly Swept[]> {
  const sweepers = Array.from({ length: count }, () => startChild(child, [url, schema]));
  for (const sweeper of sweepers) await sweeper.heard();
  for (const sweeper of sweepers) sweeper.tell();
  const said = await Promise.all(sweepers.map((sweeper) => sweeper.heard()));
  await Promise.all(sweepers.map((sweeper) => sweeper.done()));
  return said.map((line) => JSON.parse(line));
}
