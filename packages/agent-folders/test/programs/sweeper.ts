/** Our sweep, restore and undo on the home of a real program, with a store beside it. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { type Archiver, createArchiver } from "@session-archiver/core";
import { onTestFinished } from "vitest";
import type { FolderHost } from "../../src/host.js";
import type { AgentSource, Files } from "../../src/index.js";
import { nodeFolderHost } from "../../src/node-host.js";
import { placeOf } from "../../src/place.js";
import { planFolders } from "../../src/sweep/plan.js";
import type { FolderPolicy } from "../../src/sweep/policy.js";
import type { FolderReport } from "../../src/sweep/report.js";
import { sweepFolders } from "../../src/sweep/run.js";

export interface Sweeper {
  readonly archiver: Archiver;
  readonly host: FolderHost;
  /** Plans anew, and carries it out. Rejects if a unit fails. */
  sweep(policy?: Partial<FolderPolicy>): Promise<FolderReport>;
  /** The same, and gives the outcome and the reason of each session that was not simply left in the plan. */
  outcomes(policy?: Partial<FolderPolicy>): Promise<Readonly<Record<string, string>>>;
  /** Lets this many hours pass for us; the program's clock stays. */
  wait(hours: number): void;
  /** Called before the next file is taken from its place, once. */
  beforeTaking(call: () => Promise<void>): void;
}

const HOUR_MS = 60 * 60 * 1000;

/** `home`: the program's own folder, such as `~/.codex`. */
export async function newSweeper(source: AgentSource, home: string): Promise<Sweeper> {
  const folder = join(home, "..", "store");
  await mkdir(folder);
  const ports = await openSqlite(join(folder, "store.db"));
  onTestFinished(() => ports.close());
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const archiver = createArchiver({ ...ports, codec: zlibCodec(), now });
  let pending: (() => Promise<void>) | undefined;
  const real = nodeFolderHost({ archiver, env: {}, now });
  const files: Files = {
    ...real.files,
    async rename(from, to) {
      const call = pending;
      pending = undefined;
      await call?.();
      return real.files.rename(from, to);
    },
  };
  const place = await placeOf(source, home, files, {});
  const host: FolderHost = { ...real, files, placeOf: async () => place };
  const sweep: Sweeper["sweep"] = async (policy) => {
    const report = await sweepFolders(host, await planFolders(host, [place], policy));
    if (report.failures.length > 0) throw new Error(JSON.stringify(report.failures));
    return report;
  };
  return {
    ...{ archiver, host, sweep },
    async outcomes(policy) {
      const plan = await planFolders(host, [place], policy);
      const left = plan.steps.filter(({ action }) => action === "leave");
      const { done, failures } = await sweepFolders(host, plan);
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
      return Object.fromEntries([
        ...left.map(({ unit, why }) => [unit.nativeId, `left: ${why}`]),
        ...done.map(({ step, outcome, why }) => [step.unit.nativeId, `${outcome}: ${why}`]),
      ]);
    },
    wait(hours) {
      ahead += hours * HOUR_MS;
    },
    beforeTaking(call) {
      pending = call;
    },
  };
}
