/** Sessions are searched while others are still being listed. */
import { ArchiverError, type ListedSession } from "@session-archiver/core";
import { expect, test } from "vitest";
import { search } from "../../src/index.js";
import { imported, said, type World, world } from "./support.js";

async function three(): Promise<World> {
  const w = world();
  for (const [n, id] of ["c", "b", "a"].entries()) await imported(w, id, [said("needle", n)]);
  return w;
}

/** The archiver, whose list waits before its second session. */
function waitingList(w: World, wait: Promise<void>): World["archiver"] {
  return {
    ...w.archiver,
    async *listNewest(...options) {
      let isFirst = true;
      for await (const session of w.archiver.listNewest(...options)) {
        if (!isFirst) await wait;
        isFirst = false;
        yield session satisfies ListedSession;
      }
    },
  };
}

test("the first hit comes before the list has ended", async () => {
  const w = await three();
  const { promise, resolve } = Promise.withResolvers<void>();
  const found: string[] = [];
  for await (const { session } of search(waitingList(w, promise), "needle")) {
    found.push(session.id);
    resolve();
  }
  expect(found).toEqual(["a", "b", "c"]);
});

test("a list that fails is an error, after what was found by then", async () => {
  const w = await three();
  const failure = new ArchiverError("UNAVAILABLE", "The disk is gone.");
  const found: string[] = [];
  const searched = search(waitingList(w, Promise.reject(failure)), "needle");
  const read = async (): Promise<void> => {
    for await (const { session } of searched) found.push(session.id);
  };
  await expect(read()).rejects.toBe(failure);
  expect(found).toEqual(["a"]);
  expect(searched.coverage).toMatchObject({ sessions: 1, isComplete: false });
});
