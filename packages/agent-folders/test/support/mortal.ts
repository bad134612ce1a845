/** Calls that fail at a chosen moment: once, or for good, as if the process had died. */
import { ArchiverError } from "@session-archiver/core";
import type { Files, OpenFile } from "../../src/files.js";

export interface Fate {
  /** Calls so far. */
  calls: number;
  /** The number of the call that fails; 0: none. */
  at: number;
  /** before: it does nothing. after: it is done, and nobody learns of it. */
  when: "before" | "after";
  /** Whether all later calls fail as well. */
  isFinal: boolean;
}

export const immortal = (): Fate => ({ calls: 0, at: 0, when: "before", isFinal: false });

/** Whether the call is the one. */
function isDue(fate: Fate): { readonly fails: boolean; readonly isDead: boolean } {
  const number = ++fate.calls;
  if (fate.at === 0) return { fails: false, isDead: false };
  return { fails: number === fate.at, isDead: fate.isFinal && number > fate.at };
}

function dead(): ArchiverError {
  return new ArchiverError("UNAVAILABLE", "The machine was switched off.");
}

async function mortalCall<T>(fate: Fate, call: () => Promise<T>): Promise<T> {
  const { fails, isDead } = isDue(fate);
  if (isDead || (fails && fate.when === "before")) throw dead();
  const result = await call();
  if (fails) throw dead();
  return result;
}

/** The same object, with methods that may fail. Streams fail when they are begun. */
export function mortal<T extends object>(target: T, fate: Fate): T {
  return new Proxy(target, {
    get(object, key, receiver) {
      const value: unknown = Reflect.get(object, key, receiver);
      if (typeof value !== "function") return value;
      return (...args: unknown[]) => {
        if (isStream(key)) return mortalStream(fate, () => Reflect.apply(value, object, args));
        return mortalCall(fate, async () => Reflect.apply(value, object, args));
      };
    },
  });
}

const isStream = (key: string | symbol): boolean => key === "read" || key === "list";

async function* mortalStream(fate: Fate, call: () => AsyncIterable<unknown>): AsyncGenerator<unknown> {
  const { fails, isDead } = isDue(fate);
  if (isDead || fails) throw dead();
  yield* call();
}

export function mortalFiles(files: Files, fate: Fate): Files {
  const wrapped = mortal({ ...files, list: undefined } as unknown as Files, fate);
  return new Proxy(wrapped, {
    get(target, key) {
      if (key === "list") return (folder: string) => mortalCall(fate, () => files.list(folder));
      if (key !== "open") return Reflect.get(target, key);
      return async (path: string): Promise<OpenFile | undefined> => {
        let file: OpenFile | undefined;
        try {
          file = await mortalCall(fate, async () => {
            file = await files.open(path);
            return file;
          });
        } catch (error) {
          await file?.close();
          throw error;
        }
        if (!file) return undefined;
        const { look, read } = mortal(file, fate);
        // A dead process has closed its files.
        return { look, read, close: file.close.bind(file) };
      };
    },
  });
}
