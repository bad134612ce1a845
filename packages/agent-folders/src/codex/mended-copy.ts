/** Writes one file of a mended copy. */
import { join } from "node:path";
import { ArchiverError, type Bytes, type OpOptions, throwIfAborted } from "@session-archiver/core";
import type { Files, OpenFile } from "../files.js";
import { parseHead } from "./head.js";
import { storedBytes, storedLines } from "./lines.js";
import { lineNumberer } from "./number-lines.js";
import type { MendPlan, MendStep } from "./plan-mend.js";

const CHUNK = 256 * 1024;

interface Counts {
  records: number;
  /** Where the first change lies in the original. */
  firstChange: number;
}

/** Writes the step's part, and returns how many records were given an ordinal. */
export async function copyMended(
  files: Files,
  root: string,
  step: MendStep,
  plan: MendPlan,
  op: OpOptions,
): Promise<number> {
  const file = await files.open(join(root, step.from));
  if (file === undefined) throw new ArchiverError("NOT_FOUND", `There is no ${step.from} any more.`);
  try {
    const before = await file.look();
    const counts: Counts = { records: 0, firstChange: Number.POSITIVE_INFINITY };
    const body = mended(file, before.size, step, plan, counts, op);
    await files.write(join(root, step.part), body, { mode: before.mode });
    const after = await file.look();
    const isSame = after.size === before.size && after.mtimeNs === before.mtimeNs && after.ctimeNs === before.ctimeNs;
    if (isSame && endsBeforeChanges(step, plan, counts)) return counts.records;
    throw new ArchiverError(
      "CONFLICT",
      isSame
        ? `${step.from} was reverted to after an older release had written to it, and can't be mended.`
        : `${step.from} was written to meanwhile. Try again when no Codex has the thread open.`,
    );
  } finally {
    await file.close();
  }
}

/** A file that continues this one names the byte where it does: nothing may move before it. */
const endsBeforeChanges = ({ id }: MendStep, { steps }: MendPlan, { firstChange }: Counts): boolean =>
  steps.every(({ base }) => base?.id !== id || (base.endByteOffset ?? Number.POSITIVE_INFINITY) <= firstChange);

async function* mended(
  file: OpenFile,
  size: number,
  step: MendStep,
  plan: MendPlan,
  counts: Counts,
  op: OpOptions,
): Bytes {
  const numbered = lineNumberer(step.from);
  let at = 0;
  let waiting = "";
  for await (const line of storedLines(file.read({ start: 0, end: size }), step.from)) {
    throwIfAborted(op.signal);
    const { line: text, wasChanged } = numbered(line);
    if (wasChanged) {
      counts.records++;
      counts.firstChange = Math.min(counts.firstChange, at);
    }
    waiting += at === 0 ? withNewIds(text, step, plan) : text;
    at += line.length;
    if (waiting.length < CHUNK) continue;
    yield storedBytes(waiting);
    waiting = "";
  }
  yield storedBytes(waiting);
}

/** Codex needs the new id in `session_meta.id` alone: later lines may name the old one, and stay as they are. */
function withNewIds(head: string, { from }: MendStep, { ids, newId }: MendPlan): string {
  const old = [...ids.keys()].join("|");
  const renamed = head.replaceAll(new RegExp(`(?<!\\\\)"(${old})"`, "g"), (_, id: string) => `"${ids.get(id)}"`);
  if (parseHead(renamed)?.nativeId !== newId) {
    throw new ArchiverError("CORRUPT", `The id in ${from} is not written as Codex writes it, so it can't be mended.`);
  }
  return renamed;
}
