/** Hosts and keepers at work. Each may lose a race, or find that bytes were given up elsewhere. */
import {
  type Archiver,
  codeOf,
  type ErrorCode,
  OUTPUT,
  type Ports,
  type Recorder,
  toBytes,
} from "@session-archiver/core";
import type { Random } from "@session-archiver/test-kit/random";
import { lines } from "../session/world.js";
import type { Catalogue } from "./catalogue.js";
import { fileOf } from "./history.js";
import { giveUpSession, type Operation } from "./observed.js";
import type { Work, Worker } from "./plan.js";
import { AGENT, type StoresWorld, sessionId } from "./world.js";

export interface StoresStage {
  readonly world: StoresWorld;
  readonly catalogue: Catalogue;
  readonly ports: Ports;
  readonly archiver: Archiver;
  readonly operation: Operation;
  readonly random: Random;
}

export const SIDECAR = "times";

/** Does all of a worker's works, one after the other. */
export async function work(stage: StoresStage, { works }: Worker): Promise<void> {
  const recorders = new Map<string, Recorder>();
  for (const [kind, session] of works) {
    const id = sessionId(session);
    stage.operation.beganAt = stage.world.law.tick();
    if (kind === "write") await write(stage, recorders, id);
    else await keep(stage, kind, id);
  }
  if (stage.random() < 0.3) return; // like a process that dies when everything is acknowledged
  for (const recorder of recorders.values()) await tolerate(stage, () => recorder.close());
}

/** Writes a line of output. For a new session, sometimes writes a sidecar as well. */
export async function write(stage: StoresStage, recorders: Map<string, Recorder>, id: string): Promise<void> {
  const { archiver, catalogue, random, world } = stage;
  const statsEveryMs = random() < 0.5 ? 0 : 1e9;
  const recorder = recorders.get(id) ?? archiver.recorder(id, { create: AGENT, statsEveryMs });
  recorders.set(id, recorder);
  const isNew = !catalogue.disk.objects.has(id) && !catalogue.disk.blobs.get(id)?.has(SIDECAR);
  const answered = async (name: string, write: (line: string) => Promise<unknown>): Promise<void> => {
    const line = world.newLine(id);
    const { history } = catalogue;
    history.begin(fileOf(id, name), line);
    try {
      await write(line);
      history.answer(fileOf(id, name), line, "sure");
      world.law.acknowledge(line);
    } catch (error) {
      history.answer(fileOf(id, name), line, "gone");
      check(stage, error);
    }
  };
  await answered(OUTPUT, (line) => recorder.append(line));
  if (!isNew || random() < 0.7) return;
  const key = { id, name: SIDECAR };
  await answered(SIDECAR, (line) => stage.ports.blobs.create(key, `live-${world.newId()}`, lines(line)));
}

async function keep(stage: StoresStage, kind: Work, id: string): Promise<void> {
  const { archiver } = stage;
  const graceDays = kind === "purge" ? 0 : 10_000;
  const works: Readonly<Record<Work, () => Promise<unknown>>> = {
    archive: () => archiver.archive(id),
    restore: () => archiver.restore(id),
    restoreKept: () => archiver.restore(id, { keepArchive: true }),
    prune: () => archiver.pruneSession(id),
    undo: () => archiver.undoPrune(id),
    settle: () => archiver.settle(id),
    pin: () => archiver.pin(id, true),
    unpin: () => archiver.pin(id, false),
    remove: () => {
      giveUpSession(stage.world, stage.catalogue, id);
      return archiver.remove(id);
    },
    sweep: () => archiver.sweep({ inactiveDays: 0, graceDays }).then((report) => checkReport(stage, report)),
    purge: () => archiver.prune({ graceDays }).then((report) => checkReport(stage, report)),
    gc: () => archiver.gc({ graceDays: 0 }),
    catchUp: () => archiver.catchUp(),
    read: () => read(stage, id),
  };
  stage.operation.removing = kind === "remove" ? id : undefined;
  await tolerate(stage, async () => works[kind]());
  stage.operation.removing = undefined;
}

/** Reads a session. The text is checked at the end; here the read must only end, or fail with an expected code. */
async function read({ archiver }: StoresStage, id: string): Promise<void> {
  await toBytes(archiver.read(id));
}

function checkReport(stage: StoresStage, report: { readonly failures: readonly unknown[] }): void {
  for (const failure of report.failures) check(stage, failure);
}

async function tolerate(stage: StoresStage, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    check(stage, error);
  }
}

const ANSWERS: readonly ErrorCode[] = ["CONFLICT", "INVALID_ARGUMENT", "NOT_FOUND", "PRUNED"];

function check(stage: StoresStage, error: unknown): void {
  const code = codeOf(error);
  if (code && ANSWERS.includes(code)) return;
  if (code === "CORRUPT" && stage.catalogue.isDisturbed) return;
  throw error instanceof Error ? error : new Error(`A report contains ${JSON.stringify(error)}.`);
}
