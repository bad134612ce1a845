/** Records come in the order in which they were made, whatever the clocks said. */
import fc from "fast-check";
import { expect, test } from "vitest";
import type { RunRecord } from "../../src/format.js";
import { inOrder } from "../../src/run-records/order.js";

const found = (key: string, after: string | null, replaces: readonly string[] = []) => ({
  key,
  record: { format: 1, store: "0123456789ab", after, replaces, runs: [] } satisfies RunRecord,
});
const keys = (records: Parameters<typeof inOrder>[0]): string =>
  inOrder(records)
    .map(({ key }) => key)
    .join(" ");

test("by what each says of the one before it, not by their keys", () => {
  expect(keys([found("a", "b"), found("b", "c"), found("c", null)])).toBe("c b a");
  expect(keys([found("d", "b"), found("c", "b"), found("b", null), found("a", "x")])).toBe("a b c d");
});

test("a record that replaces others stands where they stood", () => {
  expect(keys([found("c", "a", ["a", "b"]), found("d", "b"), found("e", "d")])).toBe("c d e");
  expect(keys([found("z", null, ["a", "b"]), found("y", "b"), found("x", "y")])).toBe("z y x");
});

test("one that can't be read, or a circle, loses none", () => {
  expect(keys([{ key: "a", record: undefined }, found("b", "a"), found("c", "b")])).toBe("a b c");
  expect(
    keys([found("a", "b"), found("b", "a")])
      .split(" ")
      .toSorted(),
  ).toEqual(["a", "b"]);
});

test("in any order of finding them, with clocks that jump", () => {
  const chain = fc.uniqueArray(fc.stringMatching(/^[a-f]{1,6}$/), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(chain, fc.infiniteStream(fc.nat()), (names, random) => {
      const records = names.map((name, i) => found(name, names[i - 1] ?? null));
      const shuffled = records
        .map((record) => ({ record, at: random.next().value ?? 0 }))
        .sort((a, b) => a.at - b.at)
        .map(({ record }) => record);
      expect(keys(shuffled)).toBe(names.join(" "));
    }),
  );
});
