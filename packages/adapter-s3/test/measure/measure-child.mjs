/** Writes and reads archives by the built packages, with the peak memory after each step. Arguments: the server, a bucket, and MB. */
import { openS3Archives } from "@session-archiver/adapter-s3";

const [endpoint, bucket, size] = process.argv.slice(2);
const megabytes = Number(size);
const credentials = { accessKeyId: "test", secretAccessKey: "testtest" };
const sink = await openS3Archives({ endpoint, bucket, credentials, onNotice: () => {} });
const peak = () => `peak ${(process.resourceUsage().maxRSS / 1000).toFixed(0)} MB`;
console.log(`opened: ${peak()}`);

const steps = {
  "archives of 1 kB written, one after the other": [200, small],
  "MB written": [megabytes, () => sink.put("long", body(megabytes))],
  "MB read": [megabytes, () => drain(sink.read("long"))],
};
for (const [what, [count, step]] of Object.entries(steps)) {
  const start = performance.now();
  await step();
  console.log(`${what}: ${((count * 1000) / (performance.now() - start)).toFixed(0)} a second, ${peak()}`);
}

async function small() {
  for (let n = 0; n < 200; n++) await sink.put(`small ${n}`, one());
}

async function* one() {
  yield new Uint8Array(1000);
}

/** Fresh arrays, as a writer of archives makes them. */
async function* body(count) {
  for (let n = 0; n < count * 4; n++) yield new Uint8Array(250_000).fill(n);
}

async function drain(bytes) {
  for await (const _ of bytes);
}
