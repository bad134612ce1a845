/** Metadata as anybody may have stored it: every key that lists look at, with right values and with wrong ones. */
import fc from "fast-check";
import { KEY } from "../src/adapter.js";
import type { Meta } from "../src/index.js";

const time = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(0, -1, 2.5, 1e300, 1_800_000_000_000));
const wrong = fc.constantFrom<unknown>(null, "5", "", true, [], [5], {}, "\ud800");
const size = fc.oneof(fc.nat(9), fc.constantFrom(-1, 0.5, 2 ** 53));
const values = fc.dictionary(fc.constantFrom("title", "state", "agent", "models"), fc.jsonValue({ maxDepth: 2 }));

const right: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  [KEY.lastActivity]: time,
  [KEY.startedAt]: time,
  [KEY.lineCount]: size,
  [KEY.archivedAt]: time,
  [KEY.archivedRawBytes]: size,
  [KEY.archiveBytes]: size,
  [KEY.archiveKey]: fc.string(),
  [KEY.facts]: fc.record(
    {
      by: fc.constantFrom("x", ""),
      version: size,
      bytes: fc.oneof(size, wrong),
      values: fc.oneof(values, wrong),
      more: size,
    },
    { requiredKeys: ["by", "version", "values"] },
  ),
  [KEY.countedTo]: fc.record({ bytes: size, newlines: size, openLine: fc.boolean() }),
  [KEY.originals]: fc.record(
    { state: fc.constantFrom("kept", "held"), pending: fc.boolean(), rebuilt: fc.boolean(), members: values },
    { requiredKeys: ["state"] },
  ),
  [KEY.aliases]: fc.array(fc.oneof(fc.string(), size), { maxLength: 3 }),
  [KEY.pinned]: fc.boolean(),
  [KEY.resumedAt]: time,
  [KEY.prunedAt]: time,
  [KEY.purgeAfter]: time,
  [KEY.purgedAt]: time,
  [KEY.forgottenAt]: time,
  [KEY.settlingAt]: time,
  host: fc.jsonValue({ maxDepth: 2 }),
};

export const metadata: fc.Arbitrary<Meta> = fc.record(
  Object.fromEntries(
    Object.entries(right).map(([key, value]) => [
      key,
      fc.oneof({ arbitrary: value, weight: 9 }, { arbitrary: wrong, weight: 1 }),
    ]),
  ),
  { requiredKeys: [] },
) as fc.Arbitrary<Meta>;
