/** Long random histories of calls, compared call by call with a model; the same in every run. */
import type { BlobKey, BlobRef, ErrorCode } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { attempt, check, equal, equalBytes, failsWith } from "../support/assert.js";
import { pieces } from "../support/bodies.js";
import { all, concat, noise, toBytes, upTo } from "../support/data.js";

const test = about("Random histories");

const STEPS = 400;

/** Whole numbers from 0 up to `below`. */
function dice(seed: number): (below: number) => number {
  const words = new Uint32Array(noise(STEPS * 8 * 4, seed).buffer);
  let at = 0;
  return (below) => (words[at++ % words.length] ?? 0) % below;
}

/** The call must succeed if the model says so (`undefined`), and else fail with this code. */
async function expectCall<T>(
  call: () => Promise<T>,
  code: ErrorCode | undefined,
  what: string,
): Promise<T | undefined> {
  const result = await attempt(call);
  if ("error" in result) {
    check(code !== undefined, `${what}: must succeed, but failed (${result.error}).`);
    failsWith(result.error, code, what);
    return undefined;
  }
  check(code === undefined, `${what}: must fail with ${code}, but succeeded.`);
  return result.value;
}

interface ModelBlob {
  readonly generation: string;
  readonly bytes: Uint8Array;
}

const KEYS: readonly BlobKey[] = [
  { id: "s", name: "output" },
  { id: "s", name: "sidecar" },
  { id: "t", name: "output" },
];

export const historyCases: readonly Case[] = [
  test(["objects"], "objects do what the model does", async ({ objects }) => {
    const roll = dice(1);
    const model = new Map<string, { version: string; meta: { n: number } }>();
    const versions: (string | null)[] = [null];
    for (const n of upTo(STEPS)) {
      const id = `object ${roll(4)}`;
      const current = model.get(id);
      const expected = roll(2) === 0 ? (current?.version ?? null) : (versions[roll(versions.length)] ?? null);
      const fits = expected === (current?.version ?? null);
      if (roll(4) === 0 && expected !== null) {
        await expectCall(() => objects.delete(id, expected), fits ? undefined : "CONFLICT", `step ${n}, delete`);
        if (fits) model.delete(id);
      } else {
        const version = await expectCall(
          () => objects.put(id, { n }, expected),
          fits ? undefined : "CONFLICT",
          `step ${n}, put`,
        );
        if (version === undefined) continue;
        check(!versions.includes(version), `step ${n}: version ${version} came back.`);
        versions.push(version);
        model.set(id, { version, meta: { n } });
      }
      const now = model.get(id);
      equal(await objects.get(id), now && { id, ...now }, `step ${n}, get`);
    }
    equal((await all(objects.list())).length, model.size, "number of objects");
  }),

  test(["blobs"], "blobs do what the model does", async ({ blobs }) => {
    const roll = dice(2);
    const model = new Map<BlobKey, ModelBlob>();
    const refs: { ref: BlobRef; bytes: Uint8Array }[] = [];
    const remember = (key: BlobKey, ref: BlobRef | undefined, blob: ModelBlob): void => {
      equal(ref, { key, generation: blob.generation, size: blob.bytes.length }, "the new ref");
      model.set(key, blob);
      refs.push({ ref: { key, generation: blob.generation, size: blob.bytes.length }, bytes: blob.bytes });
    };
    for (const n of upTo(STEPS)) {
      const key = KEYS[roll(KEYS.length)] ?? { id: "s", name: "output" };
      const now = model.get(key);
      // Mostly a recent ref, so that some are current.
      const known = refs[Math.max(refs.length - 1 - roll(roll(4) === 0 ? refs.length + 1 : 4), 0)];
      const action = roll(10);
      if (action < 2 || known === undefined) {
        const blob = { generation: `g${n}`, bytes: noise(roll(3000), n + 1) };
        const code = now ? "CONFLICT" : undefined;
        const ref = await expectCall(
          () => blobs.create(key, blob.generation, pieces(blob.bytes, 500)),
          code,
          `step ${n}, create`,
        );
        if (ref) remember(key, ref, blob);
        continue;
      }
      const { ref, bytes } = known;
      const current = model.get(ref.key);
      const same = current?.generation === ref.generation;
      const fits = same && current.bytes.length === ref.size;
      const code = current === undefined ? "NOT_FOUND" : fits ? undefined : "CONFLICT";
      if (action < 6) {
        const chunk = noise(1 + roll(2000), n + 1);
        const next = await expectCall(() => blobs.append(ref, chunk), code, `step ${n}, append`);
        if (next) remember(ref.key, next, { generation: ref.generation, bytes: concat([bytes, chunk]) });
      } else if (action < 7) {
        await expectCall(() => blobs.delete(ref), code, `step ${n}, delete`);
        if (code === undefined) model.delete(ref.key);
      } else {
        const start = roll(ref.size + 10);
        const end = start + roll(3000);
        const read = await expectCall(
          () => toBytes(blobs.read(ref, { start, end })),
          same ? undefined : "NOT_FOUND",
          `step ${n}, read`,
        );
        if (read) equalBytes(read, bytes.subarray(start, Math.min(end, ref.size)), `step ${n}, the bytes`);
      }
    }
    for (const key of KEYS) equal((await blobs.stat(key))?.size, model.get(key)?.bytes.length, "the size at the end");
  }),
];
