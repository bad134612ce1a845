/** Files on which something happens between two calls, or which fail from a call on, as if the process had died. */
import type { Bytes } from "@session-archiver/core";
import type { Files, OpenFile } from "../../src/files.js";

export interface Steps {
  /** Called before each call, with its number from 1 on. */
  before(call: number): Promise<void>;
  /** Called after each call has taken effect. */
  after?(call: number): void;
}

export interface Stepped {
  readonly files: Files;
  /** Calls so far. */
  readonly calls: () => number;
  /** Counts as a call, too. */
  step<T>(run: () => Promise<T>): Promise<T>;
}

export function stepped(files: Files, steps: Steps): Stepped {
  let calls = 0;
  const step = async <T>(run: () => Promise<T>): Promise<T> => {
    const call = ++calls;
    await steps.before(call);
    const result = await run();
    steps.after?.(call);
    return result;
  };
  const steppedFile = (file: OpenFile): OpenFile => ({
    look: () => step(() => file.look()),
    read: (range) => steppedBytes(() => file.read(range), step),
    close: () => file.close(),
  });
  return {
    calls: () => calls,
    step,
    files: {
      look: (path) => step(() => files.look(path)),
      open: async (path) => {
        let file: OpenFile | undefined;
        try {
          return await step(async () => {
            file = await files.open(path);
            return file && steppedFile(file);
          });
        } catch (error) {
          await file?.close(); // as the system does when a process dies
          throw error;
        }
      },
      list: (folder) => step(() => files.list(folder)),
      makeFolder: (path, mode) => step(() => files.makeFolder(path, mode)),
      rename: (from, to) => step(() => files.rename(from, to)),
      link: (from, to) => step(() => files.link(from, to)),
      unlink: (path) => step(() => files.unlink(path)),
      removeFolder: (path) => step(() => files.removeFolder(path)),
      write: (path, body, file) => step(() => files.write(path, body, file)),
      sync: () => step(() => Promise.resolve()),
    },
  };
}

async function* steppedBytes(read: () => Bytes, step: <T>(run: () => Promise<T>) => Promise<T>): Bytes {
  for await (const bytes of await step(async () => read())) yield bytes;
}
