/**
 * Peak memory of one large session's life. From the root, once it is built, with its size in MB:
 * node --import ./packages/test-kit/src/machine/source-hooks.ts packages/adapter-postgres/test/measure/memory.ts 1000
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startPostgres } from "@session-archiver/test-kit/servers";

const server = await startPostgres(["max_wal_size=256MB"]);
const child = fileURLToPath(new URL("memory-child.mjs", import.meta.url));
await new Promise((resolve) => {
  spawn(process.execPath, [child, server.url, process.argv[2] ?? "1000"], { stdio: "inherit" }).on("close", resolve);
});
await server.remove();
