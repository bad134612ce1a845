/**
 * A crash at each call to the file system, one after the other: the call fails, a write half done, and so does every
 * later one. What was done stays done, what was not is done wholly or not at all, and the next process goes on.
 */
import { isDeepStrictEqual } from "node:util";
import { type BlobRef, bytesOf, codeOf, type Ports, toBytes } from "@session-archiver/core";
import { expect, test } from "vitest";
import { openFs } from "../../src/index.js";
import { asOlderBuild } from "../support/older-build.js";
import { actual, actualPromises, replaceFs } from "../support/replace-fs.js";
import { temporary } from "../support/temporary.js";

const LONG = "n".repeat(300);
const KEY = { id: "p/s", name: LONG };
/** Becomes `QUOTA`, which promises that nothing has changed: most other system errors become `UNAVAILABLE`, which doesn't. */
const CRASH = Object.assign(new Error("crashed"), { code: "ENOSPC" });

/** Everything that the steps change, but for versions. */
async function contents({ objects, blobs, archives }: Ports): Promise<unknown> {
  const object = await objects.get("p/s");
  const listed = await Array.fromAsync(objects.list());
  const at = await blobs.stat(KEY);
  const text = at && `${at.generation} ${new TextDecoder().decode(await toBytes(blobs.read(at)))}`;
  const keys = (await Array.fromAsync(archives.list())).map(({ key, size }) => [key, size]);
  return {
    meta: object?.meta,
    listed: listed.length,
    text,
    blobs: (await Array.fromAsync(blobs.list("p/s"))).length,
    keys,
  };
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const at = (ports: Ports): Promise<BlobRef> => ports.blobs.stat(KEY) as Promise<BlobRef>;
const version = async (ports: Ports): Promise<string> => (await ports.objects.get("p/s"))?.version ?? "";

/** Each step starts from the state that the steps before have left. */
const STEPS: readonly ((ports: Ports) => Promise<unknown>)[] = [
  ({ objects }) => objects.put("p/s", { n: 1 }, null),
  async (ports) => ports.objects.put("p/s", { n: 2 }, await version(ports)),
  ({ blobs }) => blobs.create(KEY, "1", bytesOf(text("one\n"))),
  async (ports) => ports.blobs.append(await at(ports), text("two\n")),
  async (ports) => ports.blobs.append(await at(ports), text("three\n")),
  ({ archives }) => archives.put(`d/${LONG}.json`, bytesOf(text("{}"))),
  async (ports) => ports.blobs.delete(await at(ports)),
  ({ blobs }) => blobs.create(KEY, "1", bytesOf(text("another, and longer"))),
  ({ archives }) => archives.delete(`d/${LONG}.json`),
  async (ports) => ports.objects.delete("p/s", await version(ports)),
];

const IN_POOL = ["link", "rename", "unlink", "mkdir", "rmdir", "rm"] as const;
const AT_ONCE = ["openSync", "ftruncateSync", "futimesSync", "renameSync", "unlinkSync"] as const;
const SYNCS = ["fsync", "fdatasync"] as const;
type Calls = Record<string, (...args: unknown[]) => unknown>;

/** Lets the file system fail from the call with this number on; `false` if there were fewer. */
async function crashingAt(number: number, run: () => Promise<unknown>): Promise<boolean> {
  const files = actual as unknown as Calls;
  const promises = actualPromises as unknown as Calls;
  let calls = 0;
  const counted = <T>(call: () => T): T => {
    if (++calls >= number) throw CRASH;
    return call();
  };
  const inPool = IN_POOL.map((name) => [name, async (...args: unknown[]) => counted(() => promises[name]?.(...args))]);
  const atOnce = AT_ONCE.map((name) => [name, (...args: unknown[]) => counted(() => files[name]?.(...args))]);
  const syncs = SYNCS.map((name) => {
    const sync = (descriptor: number, done: (error: unknown) => void): void => {
      try {
        counted(() => files[name]?.(descriptor, done));
      } catch (error) {
        done(error);
      }
    };
    return [name, sync];
  });
  const writeSync = (descriptor: number, bytes: Uint8Array, at: number, length: number, position: number): number => {
    const put = (count: number): number => actual.writeSync(descriptor, bytes, at, count, position);
    if (calls + 1 === number) put(length >> 1);
    return counted(() => put(length));
  };
  using _ = replaceFs({ ...Object.fromEntries([...atOnce, ...syncs]), writeSync }, Object.fromEntries(inPool));
  await run();
  return calls >= number;
}

const BUILDS: Readonly<Record<string, (home: string) => Promise<void>>> = {
  "this build": async () => {},
  "an older build": asOlderBuild,
};

const title = "a crash at any call of any change leaves it done or not done, and the next process goes on";
test.each(Object.keys(BUILDS))(`${title}: in a store of %s`, async (build) => {
  await using undisturbed = await temporary();
  await using reference = openFs(undisturbed.path);
  const states = [await contents(reference)];
  for (const step of STEPS) {
    await step(reference);
    states.push(await contents(reference));
  }

  let crashes = 0;
  for (const [n, step] of STEPS.entries()) {
    for (let call = 1, crashed = true; crashed; call++) {
      await using directory = await temporary();
      await using before = openFs(directory.path);
      for (const done of STEPS.slice(0, n)) await done(before);

      await BUILDS[build]?.(directory.path);
      await using dying = openFs(directory.path);
      let code: string | undefined;
      crashed = await crashingAt(call, () => step(dying).catch((error: unknown) => (code = codeOf(error))));
      if (crashed) crashes++;

      await using after = openFs(directory.path);
      const left = await contents(after);
      const may = code === undefined ? [n + 1] : code === "UNAVAILABLE" ? [n, n + 1] : [n];
      const found = may.find((state) => isDeepStrictEqual(left, states[state]));
      expect(found, `${code} of step ${n}, stopped at call ${call}, left ${JSON.stringify(left)}`).toBeDefined();
      for (const next of STEPS.slice(found)) await next(after);
      expect(await contents(after)).toEqual(states.at(-1));
    }
  }
  expect(crashes).toBeGreaterThan(STEPS.length * 4);
});
