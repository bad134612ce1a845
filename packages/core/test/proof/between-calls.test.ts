/**
 * Somebody else does something between two port calls of an operation: each operation, at each of its calls, with each other
 * one, on a session in each state. Core's simulation tries longer stories at random; here nothing is left to chance.
 */
import { expect, test } from "vitest";
import { KEY, memoryArchives } from "../../src/adapter.js";
import { type Archiver, createArchiver, hasCode, memoryPorts, type Ports, toBytes } from "../../src/index.js";
import { jsonl, linesOf, NOW } from "../support.js";

interface Stage {
  readonly ports: Ports;
  readonly archiver: Archiver;
  /** The output that the writers had acknowledged. */
  readonly acknowledged: string[];
}

const ID = "s";

/** Appends to the session's end, as a writer does that was just started. */
async function append({ archiver, acknowledged }: Stage, text: string): Promise<void> {
  const recorder = archiver.recorder(ID);
  await recorder.append(text);
  acknowledged.push(...linesOf(text));
  await recorder.close();
}

const LINES = linesOf(jsonl(6));
const line = (number: number): string => LINES[number] ?? "";

/** What every session holds at first. */
const FIRST = line(0) + line(1) + line(2);

/** The ports, with `before` called before each call with its name. */
function watching(ports: Ports, before: (name: string) => unknown): Ports {
  const watch = <T extends object>(port: string, target: T): T =>
    new Proxy(target, {
      get(of, method, receiver) {
        const value: unknown = Reflect.get(of, method, receiver);
        if (typeof value === "object" && value !== null) return watch(String(method), value);
        if (typeof value !== "function") return value;
        const name = `${port}.${String(method)}`;
        if (name.endsWith(".list") || name.endsWith(".read")) {
          return async function* (...args: unknown[]) {
            await before(name);
            yield* Reflect.apply(value, of, args);
          };
        }
        return async (...args: unknown[]) => {
          await before(name);
          return Reflect.apply(value, of, args);
        };
      },
    });
  return {
    objects: watch("objects", ports.objects),
    blobs: watch("blobs", ports.blobs),
    archives: watch("archives", ports.archives),
  };
}

/** A restore that dies at the given port call after its note. */
async function beginRestore({ ports }: Stage, dies: string): Promise<void> {
  const dying = watching(ports, (name) => {
    if (name === dies) throw new Error("died");
  });
  await createArchiver({ ...dying, now: () => NOW })
    .restore(ID)
    .catch(() => undefined);
}

/** Every tail is archived in a part of its own. */
const IN_PARTS = "resumed, and archived in parts";

/** Ends with a session that holds `FIRST`. */
const STATES: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  live: (stage) => append(stage, FIRST),
  archived: async (stage) => {
    await append(stage, FIRST);
    await stage.archiver.archive(ID);
  },
  resumed: async (stage) => {
    await append(stage, line(0));
    await stage.archiver.archive(ID);
    await append(stage, line(1) + line(2));
  },
  [IN_PARTS]: async (stage) => {
    for (const number of [0, 1]) {
      await append(stage, line(number));
      await stage.archiver.archive(ID);
    }
    await append(stage, line(2));
  },
  "archived, with its blob still there": async (stage) => {
    await append(stage, FIRST);
    const dying = watching(stage.ports, (name) => {
      if (name === "blobs.delete") throw new Error("died");
    });
    await createArchiver({ ...dying, now: () => NOW }).archive(ID);
  },
  "about to be restored": async (stage) => {
    await append(stage, FIRST);
    await stage.archiver.archive(ID);
    await beginRestore(stage, "blobs.create");
  },
  "restored, but for the commit": async (stage) => {
    await append(stage, FIRST);
    await stage.archiver.archive(ID);
    await beginRestore(stage, "ownMeta.put");
  },
};

async function textOf(archiver: Archiver): Promise<string> {
  return new TextDecoder().decode(await toBytes(archiver.read(ID)));
}

/** Each may lose a race against the others, and then says so. */
const OPERATIONS: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  read: async ({ archiver }) => expect(await textOf(archiver)).toSatisfy((text: string) => text.startsWith(FIRST)),
  archive: ({ archiver }) => archiver.archive(ID),
  restore: ({ archiver }) => archiver.restore(ID),
  append: (stage) => append(stage, line(3)),
  settle: ({ archiver }) => archiver.settle(ID),
  "prune and undo": async ({ archiver }) => {
    await archiver.pruneSession(ID);
    await archiver.undoPrune(ID);
  },
};

const CASES = Object.keys(STATES).flatMap((state) => Object.keys(OPERATIONS).map((operation) => [operation, state]));

/** Several of them, since one alone brings few things back to where they look the same. */
const OTHERS: Readonly<Record<string, (stage: Stage) => Promise<unknown>>> = {
  archive: ({ archiver }) => archiver.archive(ID),
  restore: ({ archiver }) => archiver.restore(ID),
  append: (stage) => append(stage, line(4)),
  "append, archive": async (stage) => {
    await append(stage, line(4));
    await stage.archiver.archive(ID);
  },
  "archive, append": async (stage) => {
    await stage.archiver.archive(ID);
    await append(stage, line(4));
  },
  "archive, restore": async ({ archiver }) => {
    await archiver.archive(ID);
    await archiver.restore(ID);
  },
  "restore, append, archive": async (stage) => {
    await stage.archiver.restore(ID);
    await append(stage, line(4));
    await stage.archiver.archive(ID);
  },
  "restore, archive, begin to restore": async (stage) => {
    await stage.archiver.restore(ID);
    await stage.archiver.archive(ID);
    await beginRestore(stage, "ownMeta.put");
  },
  "archive, collect": async ({ archiver }) => {
    await archiver.archive(ID);
    await archiver.gc({ graceDays: 0 });
  },
  pin: ({ archiver }) => archiver.pin(ID, true),
};

/** `false` if it gave up because of what others did. */
async function unlessLost(work: () => unknown): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!hasCode(error, "CONFLICT", "INVALID_ARGUMENT", "PRUNED")) throw error;
    return false;
  }
}

/** Whether the operation had this many calls. */
async function disturb(operation: string, state: string, other: string, call: number): Promise<boolean> {
  const ports: Ports = { ...memoryPorts(), archives: memoryArchives(() => NOW) };
  const acknowledged: string[] = [];
  const options = { now: () => NOW, ...(state === IN_PARTS && { policy: { smallPartBytes: 0 } }) };
  const stage = { ports, archiver: createArchiver({ ...ports, ...options }), acknowledged };
  await ports.objects.put(ID, { view: "agent" }, null);
  await STATES[state]?.(stage);
  let calls = 0;
  const disturbed = watching(ports, async () => {
    if (calls++ === call) await unlessLost(() => OTHERS[other]?.(stage));
  });
  const mine = { ports: disturbed, archiver: createArchiver({ ...disturbed, ...options }), acknowledged };
  const done = await unlessLost(() => OPERATIONS[operation]?.(mine));
  const where = `${other} before call ${call}`;
  if (operation === "read" || operation === "append") expect(done, where).toBe(true);
  const text = await textOf(stage.archiver);
  expect(text.startsWith(FIRST), where).toBe(true);
  expect(linesOf(text).sort(), where).toEqual(acknowledged.sort());
  // A count may be behind, but is right as far as it goes.
  const { lineCount, meta } = await stage.archiver.info(ID);
  const { bytes } = meta[KEY.countedTo] as { readonly bytes: number };
  expect(linesOf(text.slice(0, bytes)), where).toHaveLength(lineCount);
  await stage.archiver.settle(ID);
  await stage.archiver.verify(ID);
  expect(await textOf(stage.archiver), where).toBe(text);
  return calls > call;
}

test.each(CASES)("%s of a session that is %s, whatever comes between", async (operation, state) => {
  for (const other of Object.keys(OTHERS)) {
    for (let call = 0; await disturb(operation, state, other, call); call++);
  }
});
