/** Sink keys, and the session that a key is of. */
import { expect, test } from "vitest";
import { sessionIdOf } from "../../src/format.js";
import { jsonl, keysOf, makeSession, world } from "../support.js";

const text = jsonl(5);

test("archives of version 0.1's keys are needed, given up and collected like others", async () => {
  const w = world();
  await makeSession(w, "s", text);
  await w.archiver.archive("s");
  const [oldest] = await keysOf(w);
  expect(sessionIdOf(oldest ?? "")).toBe("s");
  expect(sessionIdOf("a/b.20260101t000000000z-0123456789abcdef.jsonl.gz")).toBe("a/b");
  expect(sessionIdOf("0123456789ab/00/s.20260101t000000000z-0123456789abcdef.jsonl.gz")).toBe("0123456789ab/00/s");
});
