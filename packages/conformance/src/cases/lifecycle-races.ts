/** Another process works on the same session at the worst moment. The moment is arranged, not left to chance. */
import { KEY, type Ports } from "@session-archiver/core/adapter";
import { about, type Case } from "../case.js";
import { check, equal } from "../support/assert.js";
import { all, concat, text } from "../support/data.js";
import { archiverOn, makeSession, readsAs, transcript } from "../support/session.js";

const test = about("Lifecycle: the worst moment");
const PORTS = ["objects", "blobs", "archives"] as const;

interface Moments {
  /** Called once, just before the first delete of a blob, or put of an object, reaches the store. */
  readonly beforeBlobDelete?: () => Promise<unknown>;
  readonly beforePut?: () => Promise<unknown>;
}

function interrupted({ objects, blobs, archives }: Ports, moments: Moments): Ports {
  let { beforeBlobDelete, beforePut } = moments;
  return {
    archives,
    objects: {
      get: (...args) => objects.get(...args),
      async put(...args) {
        const first = beforePut;
        beforePut = undefined;
        await first?.();
        return objects.put(...args);
      },
      delete: (...args) => objects.delete(...args),
      list: (...args) => objects.list(...args),
    },
    blobs: {
      stat: (...args) => blobs.stat(...args),
      list: (...args) => blobs.list(...args),
      read: (...args) => blobs.read(...args),
      create: (...args) => blobs.create(...args),
      append: (...args) => blobs.append(...args),
      async delete(...args) {
        const first = beforeBlobDelete;
        beforeBlobDelete = undefined;
        await first?.();
        return blobs.delete(...args);
      },
    },
  };
}

export const lifecycleRaceCases: readonly Case[] = [
  test(PORTS, "output written just before the archived blob is deleted is kept", async (ports) => {
    const output = transcript(3000);
    await makeSession(ports, "s", output);
    const late = async (): Promise<void> => {
      const ref = await ports.blobs.stat({ id: "s", name: "output" });
      check(ref !== undefined, "the live blob must be there until it is deleted.");
      await ports.blobs.append(ref, text("late\n"));
    };
    await archiverOn(interrupted(ports, { beforeBlobDelete: late })).archive("s");
    const archiver = archiverOn(ports);
    const whole = concat([output, text("late\n")]);
    await readsAs(archiver, "s", whole, "after the archive");
    await archiver.archive("s");
    await readsAs(archiver, "s", whole, "archived again");
  }),

  test(PORTS, "a session restored just before another archiver deletes its blob is kept", async (ports) => {
    const output = transcript(3000);
    await makeSession(ports, "s", output);
    const other = archiverOn(ports);
    const restore = async (): Promise<void> => {
      await other.settle("s");
      await other.restore("s");
    };
    await archiverOn(interrupted(ports, { beforeBlobDelete: restore })).archive("s");
    await readsAs(other, "s", output, "after both");
    equal((await all(ports.blobs.list("s"))).length, 1, "number of live blobs: the restored one");
  }),

  test(PORTS, "metadata written just before the archiver commits is kept", async (ports) => {
    await makeSession(ports, "s", transcript(3000));
    const rename = async (): Promise<void> => {
      const object = await ports.objects.get("s");
      if (object) await ports.objects.put("s", { ...object.meta, title: "renamed" }, object.version);
    };
    await archiverOn(interrupted(ports, { beforePut: rename })).archive("s");
    const meta = (await ports.objects.get("s"))?.meta;
    equal(meta?.["title"], "renamed", "the host's own metadata");
    check(typeof meta?.[KEY.archivedAt] === "number", "the session must be archived.");
  }),
];
