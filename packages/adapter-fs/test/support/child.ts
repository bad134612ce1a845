/** What child processes do: `child.ts <directory> <task> <argument>`. Each line they print is one thing they have done. */
import { openFs } from "@session-archiver/adapter-fs";
import { type BlobRef, bytesOf, codeOf, hasCode } from "@session-archiver/core";
import { openLock } from "../../src/lock.js";
import { plainRoot } from "../../src/root.js";
import { openTree } from "../../src/tree.js";
import { actual, replaceFs } from "./replace-fs.js";

const [directory = "", task = "", argument = ""] = process.argv.slice(2);
const store = openFs(directory);
const KEY = { id: "session", name: "output" };

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const TASKS: { readonly [name: string]: () => Promise<void> } = {
  /** Adds 1 to an object, `argument` times, whatever others do. */
  async count() {
    for (let done = 0; done < Number(argument); ) {
      const object = await store.objects.get("counter");
      const count = Number(object?.meta["count"] ?? 0) + 1;
      try {
        say(await store.objects.put("counter", { count }, object?.version ?? null));
        done++;
      } catch (error) {
        if (!hasCode(error, "CONFLICT")) throw error;
      }
    }
  },

  /** Appends `argument` lines, whatever others append. */
  async append() {
    for (let done = 0; done < Number(argument); ) {
      const line = `${process.pid} ${done}`;
      const at = await store.blobs.stat(KEY);
      try {
        if (at) await store.blobs.append(at, new TextEncoder().encode(`${line}\n`));
        say(line);
        done++;
      } catch (error) {
        if (!hasCode(error, "CONFLICT")) throw error;
      }
    }
  },

  /** Creates and deletes one archive and one blob again and again: their directories come and go. */
  async churn() {
    for (let done = 0; done < Number(argument); done++) {
      const key = `some/where/${process.pid}-${done}.jsonl.gz`;
      await store.archives.put(key, bytesOf(new Uint8Array(10)));
      await store.archives.delete(key);
      const blob = { id: `some/session/${process.pid}`, name: "output" };
      await store.blobs.delete(await store.blobs.create(blob, "1", bytesOf()));
    }
    say("done");
  },

  /** Puts one archive under a key that others want as well. */
  async put() {
    const outcome = await store.archives.put(argument, bytesOf(new TextEncoder().encode(String(process.pid)))).then(
      () => "won",
      (error: unknown) => codeOf(error) ?? String(error),
    );
    say(`${process.pid} ${outcome}`);
  },

  /** Appends chunks of `argument` bytes, each of one repeated digit, until killed; says the size after each. */
  async grow() {
    let at = (await store.blobs.stat(KEY)) as BlobRef;
    for (;;) {
      const chunk = new Uint8Array(Number(argument)).fill(48 + ((at.size / Number(argument)) % 10));
      at = await store.blobs.append(at, chunk);
      say(String(at.size));
    }
  },

  /** The same, but dies with half of the third chunk in its file. */
  async tear() {
    let writes = 0;
    const half = (descriptor: number, bytes: Uint8Array, offset: number, length: number, ...rest: unknown[]): void => {
      const isThird = bytes.length === Number(argument) && ++writes === 3;
      if (isThird) {
        actual.writeSync(descriptor, bytes, offset, length >> 1, rest[0] as number);
        process.kill(process.pid, "SIGKILL");
      }
      Reflect.apply(actual.write, undefined, [descriptor, bytes, offset, length, ...rest]);
    };
    replaceFs({ write: half });
    await TASKS["grow"]?.();
  },

  /** Stops in the middle of two bodies, a blob's and an archive's, and never ends. */
  async stall() {
    async function* body(): AsyncGenerator<Uint8Array> {
      yield new Uint8Array(100_000);
      say("half");
      await new Promise((resolve) => setTimeout(resolve, 1_000_000));
    }
    await Promise.all([store.blobs.create(KEY, "1", body()), store.archives.put("a.jsonl.gz", body())]);
  },

  /** Takes the lock of `argument`, or of the sessions, and never releases it. */
  async hold() {
    await openLock(openTree(plainRoot(`${directory}/${argument || "store"}`)), 1000).run("", async () => {
      say("held");
      await new Promise((resolve) => setTimeout(resolve, 1_000_000));
    });
  },

  /** Writes more than the file size limit that it was started with. */
  async overflow() {
    const large = new Uint8Array(Number(argument));
    const at = await store.blobs.create(KEY, "1", bytesOf(new Uint8Array(10)));
    const writes = [
      () => store.archives.put("a.jsonl.gz", bytesOf(large)),
      () => store.objects.put("o", { large: large.join("") }, null),
      () => store.blobs.create({ id: "other", name: "output" }, "1", bytesOf(large)),
      () => store.blobs.append(at, large),
    ];
    for (const write of writes) {
      say(
        await write().then(
          () => "written",
          (error: unknown) => codeOf(error) ?? String(error),
        ),
      );
    }
    await store.blobs.append(at, new Uint8Array(20));
    say("room for less");
  },
};

await TASKS[task]?.();
await store.close();
