/** Several processes that sweep one store at once. */
import { fileURLToPath } from "node:url";
import { type Child, finish, startChild } from "@session-archiver/test-kit/machine";
import type { Swept } from "./sweep-child.js";

const child = fileURLToPath(new URL("sweep-child.ts", import.meta.url));

/** They all begin once the last of them has opened the store. */
export async function startSweepers(
  count: number,
  url: string,
  schema: string,
  endpoint?: string,
): Promise<readonly Child[]> {
  const args = [url, schema, ...(endpoint === undefined ? [] : [endpoint])];
  const sweepers = Array.from({ length: count }, () => startChild(child, args));
  for (const sweeper of sweepers) await sweeper.heard();
  for (const sweeper of sweepers) sweeper.tell();
  return sweepers;
}

/** What each of them did, in the end. */
export async function ended(sweepers: readonly Child[]): Promise<readonly Swept[]> {
  const said = await Promise.all(sweepers.map((sweeper) => finish(sweeper)));
  return said.map((lines) => JSON.parse(lines.at(-1) ?? ""));
}
