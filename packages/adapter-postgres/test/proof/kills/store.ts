/** Opens the store in each of the processes. */
import { basename } from "node:path";
import { openPostgres } from "@session-archiver/adapter-postgres";
import type { OpenedStore } from "@session-archiver/test-kit/faults";

/** In the environment of the processes: where the server is. */
export const SERVER = "SESSION_ARCHIVER_TEST_POSTGRES";

export async function openStore(directory: string): Promise<OpenedStore> {
  const options = { schema: schemaOf(directory), synchronous: "normal", maxConnections: 4 } as const;
  return openPostgres(process.env[SERVER] ?? "", options);
}

/** Each folder of a run stands for a schema. */
export function schemaOf(directory: string): string {
  return `kills_${basename(directory).replaceAll(/\W/g, "_")}_${Buffer.from(directory).toString("hex").slice(-40)}`.slice(
    0,
    63,
  );
}
