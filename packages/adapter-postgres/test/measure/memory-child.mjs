/** One large session's life on the built packages, with its peak memory after each step. Arguments: the database, and MB. */

import { openPostgres } from "@session-archiver/adapter-postgres";
import { createArchiver } from "@session-archiver/core";

const [url, size] = process.argv.slice(2);
const megabytes = Number(size);
const store = await openPostgres(url);
const archiver = createArchiver(store);
const peak = () => `peak ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`;
console.log(`opened: ${peak()}`);
const steps = {
  import: () => archiver.import("s", lines()),
  read: () => drain(archiver.read("s")),
  archive: () => archiver.archive("s"),
  "read archived": () => drain(archiver.read("s")),
  restore: () => archiver.restore("s"),
  gc: () => archiver.gc({ graceDays: 0 }),
};
for (const [name, step] of Object.entries(steps)) {
  const start = performance.now();
  await step();
  console.log(`${name}: ${((megabytes * 1000) / (performance.now() - start)).toFixed(0)} MB/s, ${peak()}`);
}
await store.close();

async function drain(bytes) {
  for await (const _ of bytes);
}

/** Lines of 1 kB, half of each by chance. */
async function* lines() {
  const line = Buffer.from(`{"text":"${" word".repeat(198)}"}\n`.padEnd(1000, " "));
  for (let part = 0; part < megabytes; part++) {
    const bytes = Buffer.alloc(1_000_000);
    for (let at = 0; at < bytes.length; at += 1000) {
      line.copy(bytes, at);
      bytes.write(crypto.getRandomValues(new Uint8Array(240)).toHex?.() ?? "", at + 9, "latin1");
      bytes[at + 999] = 10;
    }
    yield bytes;
  }
}
