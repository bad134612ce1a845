/** The checks that only a backend can ask for, since it alone knows where the answer holds. */
import { expect, test } from "vitest";
import {
  archiveExists,
  archiveGone,
  blobChanged,
  blobExists,
  blobGone,
  requireAbsent,
  requireArchive,
  requireExactly,
  requireReadable,
  requireUnused,
} from "../../src/adapter.js";

const key = { id: "s", name: "output" };
const at = { key, generation: "g", size: 5 };
const about = { id: "s", key: "output" };
const head = { generation: "g", size: 5, row: 7 };
const other = { generation: "h", size: 5, row: 7 };

/** The code it throws, and what it names. */
function thrown(check: () => unknown): unknown {
  try {
    check();
  } catch (error) {
    return error;
  }
  return "nothing";
}

test("a blob is absent, readable at a ref, or exactly it", () => {
  expect(requireAbsent(undefined, key)).toBeUndefined();
  expect(thrown(() => requireAbsent(head, key))).toMatchObject({ code: "CONFLICT", ...about });

  expect(requireReadable(head, at)).toBe(head);
  expect(requireReadable(head, { ...at, size: 4 })).toBe(head);
  expect(thrown(() => requireReadable(undefined, at))).toMatchObject({ code: "NOT_FOUND", ...about });
  expect(thrown(() => requireReadable(other, at))).toMatchObject({ code: "NOT_FOUND", ...about });
  expect(thrown(() => requireReadable(head, { ...at, size: 6 }))).toMatchObject({ code: "CONFLICT", ...about });

  expect(requireExactly(head, at)).toBe(head);
  expect(thrown(() => requireExactly(undefined, at))).toMatchObject({ code: "NOT_FOUND", ...about });
  expect(thrown(() => requireExactly(other, at))).toMatchObject({ code: "CONFLICT", ...about });
  for (const size of [4, 6]) {
    expect(thrown(() => requireExactly(head, { ...at, size }))).toMatchObject({ code: "CONFLICT", ...about });
  }
});

test("an archive is there or is not", () => {
  expect(requireUnused(undefined, "a")).toBeUndefined();
  expect(thrown(() => requireUnused({}, "a"))).toMatchObject({ code: "CONFLICT", key: "a" });
  expect(requireArchive(head, "a")).toBe(head);
  expect(thrown(() => requireArchive(undefined, "a"))).toMatchObject({ code: "NOT_FOUND", key: "a" });
});

test("the errors for a store's own conditions say the same", () => {
  expect(blobExists(key)).toMatchObject({ code: "CONFLICT", ...about });
  expect(blobChanged(at)).toMatchObject({ code: "CONFLICT", ...about });
  expect(blobGone(at)).toMatchObject({ code: "NOT_FOUND", ...about });
  expect(archiveExists("a")).toMatchObject({ code: "CONFLICT", key: "a" });
  expect(archiveGone("a")).toMatchObject({ code: "NOT_FOUND", key: "a" });
});
