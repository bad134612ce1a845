/** Runs one plan: its actors on one session and its source, phase by phase, then checks the result. */

import { type PortProcess, portsOf, type Step, type Write } from "@session-archiver/conformance/faults";
import { type Archiver, type ErrorCode, type Meta, type Ports, toBytes } from "@session-archiver/core";
import { KEY } from "@session-archiver/core/adapter";
import { below, seeded } from "@session-archiver/test-kit/random";
import { type Disk, simulatedDisk } from "@session-archiver/test-kit/simulated-disk";
import type { Choices } from "../choices.js";
import { archivedTexts, archivePolicy, contentOf, namedKeys } from "../oracle.js";
import type { CreateArchiver } from "../run-seeds.js";
import { createScheduler } from "../scheduler.js";
import { storedCodec } from "../stored-codec.js";
import { ACTORS, ID, sourceOf } from "./actors.js";
import { type Book, createBook } from "./book.js";
import type { ImportsActorPlan, ImportsPhase, ImportsPlan } from "./plan.js";

const START_MS: number = Date.UTC(2026, 0, 31);
const DAY_MS = 24 * 60 * 60 * 1000;
const STALL_STEPS = 150;
const SIDECAR = "times";

/** Gives the number of steps. Rejects if anything is wrong, and says what. */
export async function runImports(plan: ImportsPlan, choices: Choices, createArchiver: CreateArchiver): Promise<number> {
  const book = createBook();
  let time = START_MS;
  let ids = 0;
  const disk = simulatedDisk({ now: () => time++, onEffect: () => checkState(disk, book) });
  const archiverOn = (ports: Ports): Archiver =>
    createArchiver({
      ...ports,
      now: () => time++,
      randomId: () => (++ids).toString(16).padStart(16, "0"),
      codec: storedCodec,
      policy: { cooldownDays: 0, ...archivePolicy(plan) },
    });
  await prepare(disk, book, plan, archiverOn(disk.ports));
  const scheduler = createScheduler(choices.choose);
  const random = seeded(plan.seed ^ 0x1b873593);

  const start = (actor: ImportsActorPlan, phase: ImportsPhase): void => {
    const own = seeded(actor.seed);
    let calls = 0;
    let steps = 0;
    let { stallsAt } = actor;
    let isDamaged = false;
    const stallsHere = (at: number | Write): void => {
      if (stallsAt !== at) return;
      stallsAt = undefined;
      scheduler.delay(number, STALL_STEPS);
    };
    const number = scheduler.spawn(async (next) => {
      const step: Step = () => {
        if (steps === actor.diesAt) scheduler.kill(number);
        stallsHere(steps++);
        return next();
      };
      const later: PortProcess["later"] = (effect) => {
        const ghost = scheduler.spawn(async (turn) => {
          await turn();
          await effect().catch(() => undefined); // no caller is left to get this failure
          disk.sync();
        });
        scheduler.delay(ghost, 20);
      };
      const ports = portsOf(disk.ports, {
        step,
        before: stallsHere,
        fault: (kinds) => choices.fault(number, calls++, kinds),
        later,
        delay: () => scheduler.delay(number, 5 + below(own, 40)),
        stepsInBodies: false,
        syncsLate: phase.cutAfter !== undefined,
        synced: () => disk.sync(),
        damaged: () => {
          isDamaged = true;
        },
      });
      const tolerates = (): readonly ErrorCode[] => [
        ...((plan.faultPercent > 0 ? ["UNAVAILABLE", "QUOTA"] : []) as ErrorCode[]),
        ...((isDamaged ? ["CORRUPT"] : []) as ErrorCode[]),
        ...((prunes(plan) ? ["PRUNED"] : []) as ErrorCode[]),
        ...((plan.start === "none" ? ["NOT_FOUND"] : []) as ErrorCode[]),
      ];
      const stage = { book, archiver: archiverOn(ports), random: own, rounds: actor.rounds, step, tolerates };
      await ACTORS[actor.kind](stage);
    });
  };
  for (const phase of plan.phases) {
    const begun = scheduler.steps();
    for (const actor of phase.actors) start(actor, phase);
    await scheduler.run(() => phase.cutAfter !== undefined && scheduler.steps() - begun >= phase.cutAfter);
    if (phase.cutAfter === undefined) continue;
    scheduler.kill();
    disk.powerCut(random);
  }
  time = START_MS + 3650 * DAY_MS;
  await checkEnd(disk, book, plan, archiverOn(disk.ports));
  return scheduler.steps();
}

function prunes({ start, phases }: ImportsPlan): boolean {
  return start === "pruned" || phases.some(({ actors }) => actors.some(({ kind }) => kind === "pruner"));
}

async function prepare(disk: Disk, book: Book, { start, sidecar }: ImportsPlan, archiver: Archiver): Promise<void> {
  const grow = (): void => book.author(book.source() + book.newLine("s"));
  const take = async (): Promise<void> => {
    const text = book.source();
    await archiver.import(ID, sourceOf(text, true));
    book.imported(text);
  };
  grow();
  grow();
  if (start === "none") return;
  await take();
  const body = async function* () {
    yield new TextEncoder().encode("1\n");
  };
  if (sidecar) await disk.ports.blobs.create({ id: ID, name: SIDECAR }, "live-sidecar", body());
  if (start !== "live") await archiver.archive(ID);
  if (start === "pruned") await archiver.pruneSession(ID);
  grow();
  if (start === "resumed") await take();
  disk.sync();
}

function metaOf(disk: Disk): Meta {
  return disk.objects.get(ID)?.meta ?? {};
}

function keptIn(disk: Disk): readonly string[] {
  const versions = (metaOf(disk)[KEY.versions] ?? []) as readonly Parameters<typeof archivedTexts>[1][];
  return versions.map((version) => archivedTexts(disk.archives, version));
}

function checkState(disk: Disk, book: Book): void {
  const gone = namedKeys(metaOf(disk)).find((key) => !disk.archives.has(key));
  if (gone !== undefined) throw new Error(`The archive object "${gone}" is named, but gone.`);
  book.check(contentOf(disk, ID, "output"), keptIn(disk), "stored");
  const sidecar = contentOf(disk, ID, SIDECAR);
  if (sidecar !== "" && sidecar !== "1\n") throw new Error(`The sidecar holds ${JSON.stringify(sidecar)}.`);
}

/** The next import finishes any work that was cut short. Then everything is archived, and nothing is left over. */
async function checkEnd(disk: Disk, book: Book, plan: ImportsPlan, archiver: Archiver): Promise<void> {
  if (Number(metaOf(disk)[KEY.prunedAt] ?? 0) > 0) await archiver.undoPrune(ID);
  const text = book.source();
  const { outcome } = await archiver.import(ID, sourceOf(text, false));
  book.imported(text);
  const read = async (version?: number): Promise<string> =>
    new TextDecoder().decode(await toBytes(archiver.read(ID, { version })));
  const current = await read();
  if (outcome !== "older" && !current.startsWith(text))
    throw new Error(`The outcome is "${outcome}", but the session holds other bytes.`);
  await archiver.settle(ID);
  await archiver.archive(ID);
  await archiver.verify(ID);
  const { versions, lineCount } = await archiver.info(ID);
  const kept = [];
  for (const { version } of versions) kept.push(await read(version));
  book.check(await read(), kept, "at the end");
  if (JSON.stringify(kept) !== JSON.stringify(keptIn(disk))) throw new Error("A version reads differently now.");
  const lines = current.split("\n").length - 1;
  if (lineCount !== lines) throw new Error(`The metadata counts ${lineCount} lines of ${lines}.`);
  if (plan.sidecar && plan.start !== "none" && contentOf(disk, ID, SIDECAR) !== "1\n") throw new Error("No sidecar.");
  const { unknown } = await archiver.gc({ graceDays: 0 });
  // Damaged bytes in a sink prove nothing.
  const explained = new Set(plan.faultPercent > 0 ? unknown.keys : []);
  const left = [...disk.archives.keys()].filter((key) => !explained.has(key)).sort();
  const named = namedKeys(metaOf(disk));
  if (left.join() !== named.join()) throw new Error(`The sink holds ${left.join()}, and needed is ${named.join()}.`);
}
