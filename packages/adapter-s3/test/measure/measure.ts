/**
 * Speed on Ceph, and the peak memory of the program, with one long archive. From the root, once it is built, with its size in MB, 1,500 at most:
 * node --import ./packages/test-kit/src/machine/source-hooks.ts packages/adapter-s3/test/measure/measure.ts 600
 */
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { makeBucket } from "../support/make-bucket.js";
import { startCeph } from "../support/servers/ceph.js";

const server = await startCeph();
try {
  const bucket = await makeBucket(server.url);
  const child = fileURLToPath(new URL("measure-child.mjs", import.meta.url));
  await new Promise((resolve) => {
    spawn(process.execPath, [child, server.url, bucket, process.argv[2] ?? "600"], { stdio: "inherit" }).on(
      "close",
      resolve,
    );
  });
} finally {
  await server.remove();
}
