/** Opens the store in each of the processes. */
import { openFs } from "@session-archiver/adapter-fs";
import type { OpenedStore } from "@session-archiver/test-kit/faults";

export async function openStore(directory: string): Promise<OpenedStore> {
  return openFs(directory);
}

export async function openReadOnly(directory: string): Promise<OpenedStore> {
  return openFs(directory, { readOnly: true });
}
