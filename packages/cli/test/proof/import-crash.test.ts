/** After a crash or one unclear failure at any call of any port, before or after its effect, the next import completes it. */
import { appendFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Archiver,
  ArchiverError,
  type Bytes,
  createArchiver,
  memoryPorts,
  type Ports,
  toBytes,
} from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { describe, expect, test } from "vitest";
import type { CommandContext } from "../../src/command.js";
import { importFile } from "../../src/import/import-file.js";
import { knownSessions } from "../../src/import/known-sessions.js";
import { openOutput } from "../../src/output/output.js";
import { placesOf } from "../../src/stores/places.js";
import { newFolder, Sink } from "../support/cli.js";
import { transcript } from "../support/sessions.js";

const LAST = Date.UTC(2026, 0, 20);
const FIRST_PART = transcript(40, LAST - 3_600_000, "first");
const WHOLE = FIRST_PART + transcript(50, LAST, "second");

function contextOn(ports: Ports): CommandContext {
  return {
    archiver: createArchiver({ ...ports }),
    env: {},
    places: placesOf({ home: "/home", cwd: "/", env: {} }),
    stores: {
      paths: [],
      previous: () => [],
      reclaim: async () => 0,
      erase: async () => ({ rewrittenBytes: 0, unfinished: 0, setAside: [], onServers: [] }),
    },
    output: openOutput({ stdout: new Sink(), stderr: new Sink() }, false),
    signal: new AbortController().signal,
    stdin: undefined,
    terminal: false,
    cwd: "",
    unreadable: [],
    now: Date.now,
    listen() {},
    tellsRevived() {},
    warn() {},
  };
}

interface Faulty {
  readonly ports: Ports;
  /** The number of calls so far. */
  calls(): number;
}

/** Call number `at` fails; in a crash all later calls fail too, as for a process that died. */
function faulty(ports: Ports, at: number, effect: "before" | "after", fault: "crash" | "failure"): Faulty {
  let calls = 0;
  const failed = (): Error => new ArchiverError("UNAVAILABLE", "It may or may not have been done.");
  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method: unknown = Reflect.get(target, name);
        // A port may have ports of its own, such as the store's metadata.
        if (typeof method !== "function") return typeof method === "object" && method !== null ? wrap(method) : method;
        return (...given: unknown[]) => {
          const call = calls++;
          const isStream = name === "read" || name === "list";
          const isOver = fault === "crash" && call > at;
          if (isOver || (call === at && effect === "before")) {
            return isStream ? failing(failed()) : Promise.reject(failed());
          }
          const result: unknown = Reflect.apply(method, target, given);
          if (call !== at || isStream) return result;
          return Promise.resolve(result).then(() => Promise.reject(failed()));
        };
      },
    });
  return {
    ports: { objects: wrap(ports.objects), blobs: wrap(ports.blobs), archives: wrap(ports.archives) },
    calls: () => calls,
  };
}

async function* failing(error: Error): Bytes {
  yield* [];
  throw error;
}

async function readAll(archiver: Archiver): Promise<string> {
  return Buffer.from(await toBytes(archiver.read("s"))).toString();
}

describe.each(["new", "live", "archived"] as const)("%s", (kind) => {
  test.each([
    ["crash", "before"],
    ["crash", "after"],
    ["failure", "before"],
    ["failure", "after"],
  ] as const)("survives a %s %s the effect of any call", async (fault, effect) => {
    const folder = await newFolder();
    let faults = 0;
    for (let at = 0; ; at++) {
      const path = join(folder, `${at}.jsonl`);
      const ports = memoryPorts();
      const clean = contextOn(ports);
      const take = async (context: CommandContext): Promise<string> => {
        const file = { pathId: "s", name: "s", form: "plain", path: "s.jsonl", location: path, changedMs: 0 } as const;
        const run = { context, sessions: knownSessions(context, 1), onProgress() {}, onUnreadable() {} };
        return (await importFile(run, { ...file, size: (await stat(path)).size, archiveOf: undefined, parts: [] }))
          .outcome;
      };

      await writeFile(path, kind === "new" ? WHOLE : FIRST_PART);
      if (kind !== "new") {
        await take(clean);
        if (kind === "archived") await clean.archiver.archive("s");
        await appendFile(path, WHOLE.slice(FIRST_PART.length));
      }
      const broken = faulty(ports, at, effect, fault);
      const outcome = await take(contextOn(broken.ports)).catch(() => "failed");
      if (broken.calls() <= at) break;
      if (outcome === "failed") faults++;

      // The stored bytes are readable, and are a prefix of the file.
      if (await ports.objects.get("s")) expect(WHOLE.startsWith(await readAll(clean.archiver))).toBe(true);
      await take(clean);
      expect(await readAll(clean.archiver)).toBe(WHOLE);
      const { meta, lineCount, lastActivityMs } = await clean.archiver.info("s");
      expect({ lineCount, lastActivityMs }).toEqual({ lineCount: 90, lastActivityMs: LAST });
      expect(meta[KEY.countedTo]).toMatchObject({ bytes: WHOLE.length, openLine: false });
      expect(await take(clean)).toBe("unchanged");
      expect((await clean.archiver.sweep()).archivedCount).toBe(1);
      await clean.archiver.verify("s");
      expect(await readAll(clean.archiver)).toBe(WHOLE);
    }
    expect(faults).toBeGreaterThan(2);
  });
});
