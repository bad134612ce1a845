/** Changes of metadata beside archives, restores and new output, in every order that a scheduler draws. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { createArchiver, hasCode, type Ports } from "../../src/index.js";
import { runs } from "../fuzz.js";
import { makeSession, metaOf, readText, world } from "../support.js";

/** Ports whose objects and blobs answer in the order that the scheduler picks. */
function scheduled({ objects, blobs, archives }: Ports, scheduler: fc.Scheduler): Ports {
  const later =
    <Args extends unknown[], T>(call: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      await scheduler.schedule(Promise.resolve());
      return call(...args);
    };
  return {
    archives,
    blobs: { ...blobs, append: later(blobs.append), create: later(blobs.create), delete: later(blobs.delete) },
    objects: { ...objects, get: later(objects.get), put: later(objects.put) },
  };
}

test("in whatever order it meets archives, restores and new output, no change and no byte is lost", async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), async (scheduler) => {
      const w = world();
      await makeSession(w, "s", "first\n");
      const archiver = createArchiver({ ...scheduled(w.ports, scheduler), now: () => w.now });
      const lost = (error: unknown): void => {
        if (!hasCode(error, "CONFLICT", "INVALID_ARGUMENT")) throw error;
      };
      const update = (key: string) => archiver.update("s", (meta) => ({ ...meta, [key]: Number(meta[key] ?? 0) + 1 }));
      const write = async (): Promise<void> => {
        const recorder = archiver.recorder("s");
        await recorder.append("second\n");
        await recorder.close();
      };
      await scheduler.waitFor(
        Promise.all([
          update("a"),
          update("a"),
          update("b"),
          archiver.archive("s").catch(lost),
          archiver
            .archive("s")
            .then(() => archiver.restore("s"))
            .catch(lost),
          write(),
        ]),
      );
      expect(await metaOf(w)).toMatchObject({ a: 2, b: 1 });
      expect(await readText(w, "s")).toBe("first\nsecond\n");
      await w.archiver.archive("s");
      await w.archiver.verify("s");
    }),
    runs(300),
  );
});
