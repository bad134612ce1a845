/** The operations that a tab is killed in, and the state each starts from. */
import { type Archiver, ArchiverError, bytesOf, createArchiver, type Ports } from "@session-archiver/core";
import type { Points } from "./cut-ports.js";
import { noise, plus, type Sum, sumOf } from "./sessions.js";

export interface Scenario {
  /** Brings session "s" into the state that the operation starts from, and resolves to its output then. */
  readonly prepare: (archiver: Archiver, ports: Ports) => Promise<Sum>;
  readonly operate: (archiver: Archiver) => Promise<unknown>;
  /** Output that is there only if the operation got that far. */
  readonly adds?: string;
  /** The operation gives up the bytes. */
  readonly purges?: boolean;
  /** Where it is stopped; "all" if not given. */
  readonly points?: Points;
  /** Most points at which it is tried, in each way. */
  readonly most?: number;
}

export const SIDECAR = "1\n2\n";
const TEXT = '{"type":"user","timestamp":"2026-01-05T09:00:00.000Z"}\n{"type":"assistant"}\n\n{"torn":';
/** More than one batch of what the adapter stages. */
const LARGE = 6 * 1024 * 1024;
const KEPT = { maxTotalBytes: 1e12, graceDays: 100 };

async function make(ports: Ports, id: string, output: AsyncIterable<Uint8Array>): Promise<void> {
  await ports.blobs.create({ id, name: "output" }, `live-${id}`, output);
  await ports.blobs.create({ id, name: "times" }, `live-times-${id}`, bytesOf(new TextEncoder().encode(SIDECAR)));
  await ports.objects.put(id, { view: "agent", "session:last_activity_ms": 1, "session:line_count": 3 }, null);
}
const live: Scenario["prepare"] = async (archiver, ports) => {
  await make(ports, "s", bytesOf(new TextEncoder().encode(TEXT)));
  return sumOf(archiver.read("s"));
};
const archived: Scenario["prepare"] = async (archiver, ports) => {
  const output = await live(archiver, ports);
  await archiver.archive("s");
  return output;
};
const resumed: Scenario["prepare"] = async (archiver, ports) => {
  const output = await archived(archiver, ports);
  const recorder = archiver.recorder("s");
  await recorder.append("more\n");
  await recorder.close();
  return plus(output, new TextEncoder().encode("more\n"));
};
const merged: Scenario["prepare"] = async (archiver, ports) => {
  const output = await resumed(archiver, ports);
  await archiver.archive("s");
  return output;
};
const pruned: Scenario["prepare"] = async (archiver, ports) => {
  const output = await archived(archiver, ports);
  await archiver.prune({ maxTotalBytes: 0, graceDays: 100 });
  return output;
};
const large: Scenario["prepare"] = async (archiver, ports) => {
  await make(ports, "s", noise(LARGE));
  return sumOf(archiver.read("s"));
};
const largeArchived: Scenario["prepare"] = async (archiver, ports) => {
  const output = await large(archiver, ports);
  await archiver.archive("s");
  return output;
};
/** Committed as archived, the live bytes still there. */
const unsettled: Scenario["prepare"] = async (archiver, ports) => {
  const output = await live(archiver, ports);
  const refuse = (): Promise<never> => Promise.reject(new ArchiverError("UNAVAILABLE", "not now"));
  await createArchiver({ ...ports, blobs: { ...ports.blobs, delete: refuse } })
    .archive("s")
    .catch(() => {});
  return output;
};
/** Two sessions more, so that a sweep has several. */
const several: Scenario["prepare"] = async (archiver, ports) => {
  for (const id of ["r", "t"]) await make(ports, id, bytesOf(new TextEncoder().encode(TEXT)));
  return live(archiver, ports);
};

async function append(archiver: Archiver): Promise<void> {
  const recorder = archiver.recorder("s");
  await recorder.append("new\n");
  await recorder.close();
}

export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "append to a live session": { prepare: live, operate: append, adds: "new\n" },
  "append to an archived session": { prepare: archived, operate: append, adds: "new\n" },
  "append to a resumed session": { prepare: resumed, operate: append, adds: "new\n" },
  "append to a pruned session": { prepare: pruned, operate: append, adds: "new\n" },
  archive: { prepare: live, operate: (a) => a.archive("s") },
  "archive of a resumed session": { prepare: resumed, operate: (a) => a.archive("s") },
  "archive of a large session": { prepare: large, operate: (a) => a.archive("s"), points: "in bodies", most: 4 },
  restore: { prepare: archived, operate: (a) => a.restore("s") },
  "restore of a resumed session": { prepare: resumed, operate: (a) => a.restore("s") },
  "restore of a large session": {
    prepare: largeArchived,
    operate: (a) => a.restore("s"),
    points: "in bodies",
    most: 4,
  },
  settle: { prepare: unsettled, operate: (a) => a.settle("s") },
  sweep: { prepare: several, operate: (a) => a.sweep(KEPT), most: 12 },
  prune: { prepare: archived, operate: (a) => a.prune({ maxTotalBytes: 0, graceDays: 100 }) },
  "undo of a prune": { prepare: pruned, operate: (a) => a.undoPrune("s") },
  purge: { prepare: pruned, operate: (a) => a.prune({ maxTotalBytes: 0, graceDays: 0 }), purges: true },
  collect: { prepare: merged, operate: (a) => a.gc({ graceDays: 0 }) },
};

export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS[name];
  if (!scenario) throw new Error(`There is no scenario "${name}".`);
  return scenario;
}
