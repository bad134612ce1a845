/** A home with one session for each kind of writer, a store, and what works on them: the same in the test and in its children. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openFs } from "@session-archiver/adapter-fs";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { createArchiver } from "@session-archiver/core";
import type { FolderHost } from "../../src/host.js";
import { nodeFolderHost } from "../../src/node-host.js";
import type { Place } from "../../src/source.js";
import type { FolderPolicy } from "../../src/sweep/policy.js";
import { ROOT, toyAgent, toyPlace } from "../support/toy-agent.js";

/** Names of sessions, each after what writes to it. */
export const SESSIONS = ["w1-a", "w1-b", "w2", "w3", "w4"] as const;
export type Session = (typeof SESSIONS)[number];

/** All that can be freed is freed, at once. */
export const POLICY: Partial<FolderPolicy> = { idleDays: 0, cooldownDays: 0 };
export const idOf = (session: Session): string => `toy:${session}`;
export const fileOf = (folder: string, session: Session): string => join(folder, ROOT, "p", `${session}.jsonl`);
export const logOf = (folder: string, session: Session): string => join(folder, `${session}.log`);

export async function makeWorld(folder: string): Promise<void> {
  await mkdir(join(folder, ROOT, "p"), { recursive: true });
  for (const session of SESSIONS) {
    const slot = session === "w4" ? `{"type":"line","slot":"${"none".padEnd(20)}"}\n` : "";
    await writeFile(fileOf(folder, session), `{"type":"first"}\n${slot}`, { mode: 0o600 });
    await writeFile(logOf(folder, session), "");
  }
}

export interface Host extends AsyncDisposable {
  readonly host: FolderHost;
  readonly place: Place;
}

/** `aheadMs`: how far its clock is ahead. */
export async function openWorld(folder: string, aheadMs: number): Promise<Host> {
  const ports = await openFs(join(folder, "store"));
  const now = (): number => Date.now() + aheadMs;
  const place = toyPlace(toyAgent(), folder);
  const real = nodeFolderHost({ archiver: createArchiver({ ...ports, codec: zlibCodec(), now }), env: {}, now });
  const host: FolderHost = { ...real, placeOf: async () => place, mayFree: async () => undefined };
  await real.mayFree(place);
  return { host, place, [Symbol.asyncDispose]: async () => ports.close() };
}
