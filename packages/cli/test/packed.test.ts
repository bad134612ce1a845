/** Values that are packed come back under their names as they were. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { packed } from "../src/import/packed.js";

test("all values of a name, in the order in which they were added, whenever they are asked for", () => {
  const name = fc.oneof(fc.constantFrom("a", "b", ""), fc.string({ unit: "binary", maxLength: 8 }));
  const step = fc.record({ name, value: fc.jsonValue({ maxDepth: 1 }), asks: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 700, size: "max" }), (steps) => {
      const model = new Map<string, unknown[]>();
      const values = packed<unknown>();
      for (const { name, value, asks } of steps) {
        if (asks) expect(values.under(name)).toEqual(model.get(name) ?? []);
        // As JSON has it: there is no -0.
        model.set(name, [...(model.get(name) ?? []), JSON.parse(JSON.stringify(value))]);
        values.add(name, value);
      }
      for (const [name, own] of model) expect(values.under(name)).toEqual(own);
      expect(values.under("no such name")).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test("names with the same hash are not mistaken for each other", () => {
  // Of 20,000 names about twelve pairs share 24 bits.
  const values = packed<number>();
  const count = 20_000;
  for (let i = 0; i < count; i++) values.add(`/folder/${i}.jsonl`, i);
  for (let i = 0; i < count; i++) expect(values.under(`/folder/${i}.jsonl`)).toEqual([i]);
  for (let i = 0; i < count; i++) expect(values.under(`/other/${i}.jsonl`)).toEqual([]);
});
