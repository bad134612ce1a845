/** Random histories, step by step beside the reference implementation, through two instances that are reopened. */
import { bytesOf, codeOf, memoryPorts, type Ports, toBytes } from "@session-archiver/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type FsStore, openFs } from "../src/index.js";
import { temporary } from "./support/temporary.js";

const IDS = ["s", "S", "s/x", "é", "e\u0301", "con", "..", "語".repeat(400)];
const NAMES = ["output", "Output", "a/b.jsonl", "x".repeat(300)];
const GENERATIONS = ["1", "g", "G"];

const id = fc.constantFrom(...IDS);
const name = fc.constantFrom(...NAMES);
const bytes = fc.uint8Array({ maxLength: 50 });

/** `right`: with the version or size that is the present one, else with one that was. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("put" as const), id, n: fc.nat(3), right: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("remove" as const), id, right: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("create" as const),
      id,
      name,
      generation: fc.constantFrom(...GENERATIONS),
      bytes,
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("append" as const), id, name, bytes, right: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("delete" as const), id, name, right: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("store" as const), id, bytes }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const), id }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("reopen" as const) }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Does the step and says how it went, in terms that don't depend on versions and clocks. */
async function perform({ objects, blobs, archives }: Ports, does: Step): Promise<unknown> {
  switch (does.kind) {
    case "put": {
      const current = (await objects.get(does.id))?.version ?? null;
      return typeof (await objects.put(does.id, { n: does.n }, does.right ? current : "no version"));
    }
    case "remove": {
      const current = (await objects.get(does.id))?.version;
      return objects.delete(does.id, does.right && current !== undefined ? current : "no version");
    }
    case "create":
      return blobs.create({ id: does.id, name: does.name }, does.generation, bytesOf(does.bytes));
    case "append":
    case "delete": {
      const key = { id: does.id, name: does.name };
      const now = (await blobs.stat(key)) ?? { key, generation: "none", size: 0 };
      const at = does.right ? now : { ...now, size: now.size + 1 };
      return does.kind === "append" ? blobs.append(at, does.bytes) : blobs.delete(at);
    }
    case "store":
      return (await archives.put(`${does.id}.jsonl.gz`, bytesOf(does.bytes))).size;
    case "drop":
      return archives.delete(`${does.id}.jsonl.gz`);
    case "reopen":
      return undefined;
  }
}

/** Everything there is. */
async function contents({ objects, blobs, archives }: Ports): Promise<unknown> {
  const found: Record<string, unknown> = {};
  for await (const object of objects.list()) found[`object ${object.id}`] = object.meta;
  for (const session of IDS) {
    for await (const at of blobs.list(session)) {
      found[JSON.stringify(at.key)] = [at.generation, String(await toBytes(blobs.read(at)))];
    }
  }
  for await (const { key } of archives.list()) found[`archive ${key}`] = String(await toBytes(archives.read(key)));
  return found;
}

test("whatever is done, the outcome and what is stored are those of the model", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40, size: "max" }), async (steps) => {
      await using directory = await temporary();
      const model = memoryPorts();
      const opened: FsStore[] = [openFs(directory.path), openFs(directory.path)];
      for (const [n, does] of steps.entries()) {
        const store = opened[n % 2] ?? openFs(directory.path);
        const outcome = (ports: Ports): Promise<unknown> =>
          perform(ports, does).catch((error: unknown) => codeOf(error));
        expect(await outcome(store)).toEqual(await outcome(model));
        if (does.kind !== "reopen") continue;
        await store.close();
        opened[n % 2] = openFs(directory.path);
      }
      const [one, other] = opened;
      expect(one && (await contents(one))).toEqual(await contents(model));
      await one?.close();
      await other?.close();
    }),
    { numRuns: 40 },
  );
});
