/** Opens the store in each of the processes. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import type { OpenedStore } from "@session-archiver/test-kit/faults";

export async function openStore(directory: string): Promise<OpenedStore> {
  await mkdir(directory, { recursive: true });
  return openSqlite(databaseIn(directory), { busyTimeoutMs: 30_000 });
}

export async function openReadOnly(directory: string): Promise<OpenedStore> {
  return openSqlite(databaseIn(directory), { readOnly: true });
}

export function databaseIn(directory: string): string {
  return join(directory, "sessions.db");
}
