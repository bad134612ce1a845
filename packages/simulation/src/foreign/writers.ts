/** Other programs at work on one file, each line in steps as their system calls come. */
import type { Step } from "@session-archiver/conformance/faults";
import { below, type Random } from "@session-archiver/test-kit/random";
import type { WriterFile } from "@session-archiver/test-kit/simulated-files";
import { bytesOfText, HEAD, linesOf, textOf } from "./lines.js";
import type { WriterKind } from "./plan.js";
import { type ForeignWorld, ROOT } from "./world.js";

export interface WriterStage {
  readonly world: ForeignWorld;
  /** Its process. */
  readonly id: number;
  readonly path: string;
  readonly rounds: number;
  readonly random: Random;
  readonly step: Step;
  /** What W5 has open from the start. */
  readonly opened?: WriterFile | undefined;
}

type Writer = (stage: WriterStage) => Promise<void>;

export const WRITERS: Readonly<Record<WriterKind, Writer>> = {
  async W1(stage) {
    for (let round = 0; round < stage.rounds; round++) {
      await stage.step();
      const file = opened(stage, true);
      await stage.step();
      const line = append(stage, file);
      const isInPlace = stage.world.disk.find(`${ROOT}/${stage.path}`) === file?.inode;
      if (line && !isInPlace) stage.world.late.add(line);
      await stage.step();
      file?.close();
      stage.world.busy.delete(stage.id);
    }
  },
  async W2(stage) {
    const { world, id, path, rounds, step } = stage;
    await step();
    const file = opened(stage, false);
    // It is some seconds until it has its lock.
    await step();
    if (file && !world.locks.has(path)) {
      world.locks.add(path);
      world.busy.delete(id);
      for (let round = 0; round < rounds; round++) {
        await step();
        append(stage, file);
      }
      await step();
      file.close();
      world.locks.delete(path);
    }
    file?.close();
    world.busy.delete(id);
  },
  async W3(stage) {
    const { world, id, path, rounds, step, random } = stage;
    const files = world.disk.writerFiles(id);
    const full = `${ROOT}/${path}`;
    for (let round = 0; round < rounds; round++) {
      await step();
      const before = files.read(full);
      if (!before) continue;
      const line = world.newLine(id);
      const kept = linesOf(textOf(before));
      if (kept.length > 2 && random() < 0.3) kept.splice(1, 1);
      const temp = `${full}.${id}.${round}`;
      const file = files.open(temp, true);
      await step();
      file?.append(bytesOfText(kept.join("") + line));
      file?.close();
      await step();
      world.ledger.takenAway(files.read(full), () => files.rename(temp, full));
      for (const each of [...kept, line]) if (each !== HEAD) world.ledger.wrote(each, stage.path);
    }
  },
  async W4(stage) {
    const { world, rounds, step, random } = stage;
    let known: readonly string[] = [HEAD];
    for (let round = 0; round < rounds; round++) {
      await step();
      const file = opened(stage, random() < 0.5);
      if (!file) continue;
      const found = linesOf(textOf(file.inode.bytes));
      if (found.length > 0) known = found;
      await step();
      const line = world.newLine(stage.id);
      // Its last line changes, at the same length; or all but the head goes.
      const lines = random() < 0.6 ? [...known.slice(0, Math.max(1, known.length - 1)), line] : [HEAD, line];
      known = lines;
      const keepsTime = below(random, 2) === 0;
      world.ledger.takenAway(file.inode.bytes, () => file.rewrite(bytesOfText(lines.join("")), keepsTime));
      if (!world.replaced.has(file.inode)) {
        for (const each of lines) if (each !== HEAD) world.ledger.wrote(each, stage.path);
        world.ledger.check("A file was rewritten");
      }
      await step();
      file.close();
      world.busy.delete(stage.id);
    }
  },
  async W5(stage) {
    await stage.step();
    const file = stage.opened ?? stage.world.disk.writerFiles(stage.id).open(`${ROOT}/${stage.path}`, false);
    for (let round = 0; file && round < stage.rounds; round++) {
      for (let idle = below(stage.random, 25); idle >= 0; idle--) await stage.step();
      append(stage, file, file.inode.names === 0);
    }
    file?.close();
  },
};

function opened({ world, id, path }: WriterStage, creates: boolean): WriterFile | undefined {
  const file = world.disk.writerFiles(id).open(`${ROOT}/${path}`, creates);
  if (file) world.busy.add(id);
  return file;
}

/** Writes one new line; it need not be kept if it went to a file that had been released. */
function append(
  { world, id, path }: WriterStage,
  file: WriterFile | undefined,
  isReleased = false,
): string | undefined {
  if (!file) return undefined;
  const line = world.newLine(id);
  file.append(bytesOfText(line));
  if (isReleased || world.replaced.has(file.inode)) return line;
  world.ledger.wrote(line, path);
  world.ledger.check("A line was written to a file without a name");
  return line;
}
