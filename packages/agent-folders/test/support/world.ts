/** A fake home, a store beside it, and a clock. */
import { mkdir, mkdtemp, realpath, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openFs } from "@session-archiver/adapter-fs";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { type Archiver, createArchiver, type Ports } from "@session-archiver/core";
import { onTestFinished } from "vitest";
import { claim } from "../../src/claim/claim.js";
import { finish } from "../../src/claim/finish.js";
import { heldParts } from "../../src/claim/held.js";
import { putBack } from "../../src/claim/put-back.js";
import { nodeFiles } from "../../src/files/node-files.js";
import type { FolderHost } from "../../src/host.js";
import type { Place } from "../../src/source.js";
import { planFolders } from "../../src/sweep/plan.js";
import type { FolderPlan } from "../../src/sweep/plan-types.js";
import type { FolderPolicy } from "../../src/sweep/policy.js";
import type { FolderReport } from "../../src/sweep/report.js";
import { sweepFolders } from "../../src/sweep/run.js";
import { type Fate, immortal, mortal, mortalFiles } from "./mortal.js";
import { ROOT, type ToyAgent, toyAgent, toyPlace } from "./toy-agent.js";

export const DAY_MS = 86_400_000;
/** About the machine's own time: sweeps change files here, and the disk gives those its times. Whole seconds, which every disk keeps. */
export const NOW = Math.floor(Date.now() / 1000) * 1000;

export type Writers = "nobody" | "somebody" | "unknown";

export interface World {
  readonly folder: string;
  readonly home: string;
  /** Absolute: the root below which sessions lie. */
  readonly root: string;
  readonly agent: ToyAgent;
  readonly place: Place;
  readonly ports: Ports;
  readonly archiver: Archiver;
  readonly host: FolderHost;
  /** What a look at open files shows. */
  writers: Writers;
  now: number;
  plan(policy?: Partial<FolderPolicy>): Promise<FolderPlan>;
  sweep(policy?: Partial<FolderPolicy>): Promise<FolderReport>;
}

export type Store = "sqlite" | "fs" | "memory";

/** `fate`: when a call of the disk or of the store fails. */
export async function world(store: Store = "sqlite", fate: Fate = immortal()): Promise<World> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "agent-folders-")));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const home = join(folder, "home");
  const root = join(home, ROOT);
  await mkdir(root, { recursive: true });
  const opened = await open(store, join(folder, "store"));
  const ports: Ports = {
    ...opened,
    objects: mortal(opened.objects, fate),
    blobs: mortal(opened.blobs, fate),
    archives: mortal(opened.archives, fate),
  };
  let ids = 0;
  const self = { writers: "nobody" as Writers, now: NOW };
  const agent = toyAgent();
  const place = toyPlace(agent, home);
  const archiver = createArchiver({ ...ports, codec: zlibCodec(), now: () => self.now });
  const host: FolderHost = {
    ...{ archiver, files: mortalFiles(nodeFiles(), fate), env: {}, rule: { claim, finish, heldParts, putBack } },
    check: { writers: async () => self.writers },
    now: () => self.now,
    randomId: () => (++ids).toString(16).padStart(16, "0"),
    mayFree: async () => undefined,
    placeOf: async () => place,
    isDenied: (path) => path.endsWith(".key"),
  };
  const plan = (policy?: Partial<FolderPolicy>): Promise<FolderPlan> => planFolders(host, [place], policy);
  return Object.assign(self, {
    ...{ folder, home, root, agent, place, ports, archiver, host, plan },
    sweep: async (policy?: Partial<FolderPolicy>) => sweepFolders(host, await plan(policy)),
  });
}

async function open(store: Store, folder: string): Promise<Ports> {
  if (store === "memory") return (await import("@session-archiver/core")).memoryPorts();
  if (store === "fs") {
    const opened = await openFs(folder);
    onTestFinished(() => opened.close());
    return opened;
  }
  await mkdir(folder, { recursive: true });
  const opened = await openSqlite(join(folder, "store.db"));
  onTestFinished(() => opened.close());
  return opened;
}

/** Lines of a whole file: the first says so. `from`: the number of the first line. */
export function lines(count: number, from = 0): string {
  const line = (n: number): string =>
    `{"type":"${n === 0 ? "first" : "line"}","n":${n},"text":"${"word ".repeat(20)}"}\n`;
  return Array.from({ length: count }, (_, i) => line(from + i)).join("");
}

/** Writes a file below the root that was last changed `daysAgo` days ago. */
export async function put(world: World, path: string, text: string, daysAgo = 10, mode = 0o600): Promise<string> {
  const location = join(world.root, path);
  await mkdir(dirname(location), { recursive: true });
  await writeFile(location, text, { mode });
  const changed = new Date(world.now - daysAgo * DAY_MS);
  await utimes(location, changed, changed);
  return location;
}
