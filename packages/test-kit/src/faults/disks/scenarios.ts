/**
 * Runs as a separate process, on a disk or with system calls that fail: `scenarios.ts <open> <directory> <name> <source>`.
 * Prints each attempt on stdout as a line of JSON. Exits with 1 if anything was lost.
 */
import { execFileSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createArchiver, toBytes } from "@session-archiver/core";
import { outputIn } from "../kills/output.js";
import type { OpenedStore, StoreModule } from "../kills/protocol.js";
import { type Attempt, STEPS, type Step, type Trial, trialOf } from "./trial.js";

const [open = "", directory = "", name = "", sourcePath = "", argument = ""] = process.argv.slice(2);
const { openStore, openReadOnly } = (await import(open)) as StoreModule;
const source = outputIn(sourcePath);
const say = (attempt: Attempt & { readonly at?: string }): void => void writeSync(1, `${JSON.stringify(attempt)}\n`);
const begin = (store: OpenedStore, id = "chat/1"): Trial => trialOf(store, id, source.bytes);

/** A step that must succeed. */
async function must(trial: Trial, step: Step): Promise<void> {
  const { outcome, message } = await trial.run(step);
  if (outcome !== "done") throw new Error(`${step}: ${outcome}: ${message}`);
  await trial.check();
}

async function endWell(store: OpenedStore, trial: Trial): Promise<void> {
  for (const step of ["append", "archive", "restore", "archive", "collect"] as const) await must(trial, step);
  const { bad } = await createArchiver(store).verifyAll();
  if (bad.length > 0) throw new Error(`verify: ${JSON.stringify(bad)}`);
}

/** Fills the file system until `leave` bytes are free. */
function fill(leave: number): () => void {
  const path = join(directory, "..", "filler");
  const fd = openSync(path, "w");
  const block = Buffer.alloc(16_384, 1);
  let written = 0;
  try {
    for (;;) written += writeSync(fd, block);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  }
  closeSync(fd);
  execFileSync("truncate", ["-s", String(Math.max(0, written - leave)), path]);
  return () => rmSync(path);
}

const SCENARIOS: Readonly<Record<string, () => Promise<void>>> = {
  /** Every step on a disk with less and less room, then with room again. */
  async full() {
    const store = await openStore(directory);
    const trial = begin(store);
    await must(trial, "append");
    await must(trial, "archive");
    for (const leave of [0, 4, 8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128, 192, 256].map((kib) => kib * 1024)) {
      const free = fill(leave);
      for (const step of STEPS) {
        say({ ...(await trial.run(step)), at: `${leave} bytes left` });
        await trial.check().catch(async (error: unknown) => {
          // A tombstone can't be taken back on a full disk, which is how `check` looks below it.
          if (!(error instanceof Error && "code" in error && error.code === "QUOTA")) throw error;
        });
      }
      free();
      await trial.check();
      await trial.run("undo");
      await endWell(store, trial);
    }
    await store.close();
  },

  /** A file system that is remounted read-only between the work of two processes. */
  async "read-only"() {
    const store = await openStore(directory);
    const trial = begin(store);
    await must(trial, "append");
    await must(trial, "archive");
    await must(trial, "append more");
    await store.close();
    execFileSync("mount", ["-o", "remount,ro", argument]);
    if (openReadOnly) {
      const reader = await openReadOnly(directory);
      for (const step of STEPS) say({ ...(await trialOf(reader, "chat/1", source.bytes).run(step)), at: "read-only" });
      if (Buffer.compare(await toBytes(createArchiver(reader).read("chat/1")), source.bytes(0, 23_000)) !== 0) {
        throw new Error("Opened read-only, the session reads differently.");
      }
      const { checked, bad } = await createArchiver(reader).verifyAll();
      if (checked !== 1 || bad.length > 0) throw new Error(`verify: ${JSON.stringify(bad)}`);
      say({ step: "read", outcome: "done", message: "", at: "read-only" });
      await reader.close();
    }
    try {
      const readOnly = await openStore(directory);
      const other = trialOf(readOnly, "chat/1", source.bytes);
      for (const step of STEPS) say(await other.run(step));
      const bytes: Uint8Array[] = [];
      for await (const chunk of createArchiver(readOnly).read("chat/1")) bytes.push(chunk);
      if (Buffer.compare(Buffer.concat(bytes), source.bytes(0, 23_000)) !== 0)
        throw new Error("The session reads differently.");
      say({ step: "read", outcome: "done", message: "" });
      await readOnly.close();
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "UNAVAILABLE")) throw error;
      say({ step: "open", outcome: "UNAVAILABLE", message: error.message });
    }
    execFileSync("mount", ["-o", "remount,rw", argument]);
    const again = await openStore(directory);
    const last = begin(again);
    const copy = createArchiver(again);
    const bytes: Uint8Array[] = [];
    for await (const chunk of copy.read("chat/1")) bytes.push(chunk);
    if (Buffer.compare(Buffer.concat(bytes), source.bytes(0, 23_000)) !== 0) throw new Error("Bytes were lost.");
    await endWell(again, trialOf(again, "chat/2", source.bytes));
    await last.run("merge");
    await again.close();
  },

  /** Each system call that changes something fails: call n alone, or call n and all later ones until the disk is repaired. */
  async calls() {
    const [number = "5", mode = "once"] = argument.split(" ");
    const control = process.env["FAULTS_CONTROL"] ?? "";
    const store = await openStore(directory);
    const trial = begin(store);
    let serial = 0;
    for (const step of STEPS) {
      for (let after = 0; ; after++) {
        writeFileSync(control, `${++serial} ${number} ${after} ${mode}`);
        const attempt = await trial.run(step);
        rmSync(control);
        const fired = existsSync(`${control}.fired`);
        const call = fired ? readFileSync(`${control}.fired`, "utf8").split("\n")[0] : undefined;
        rmSync(`${control}.fired`, { force: true });
        await trial.check();
        if (fired) say({ ...attempt, at: `${call} (number ${after})` });
        else if (attempt.outcome !== "done") throw new Error(`${step}: ${attempt.outcome}: ${attempt.message}`);
        if (!fired) break;
        // Back to the state before the step, or to another allowed one, for the next call of the same step.
        await back(trial, step);
      }
    }
    await trial.run("undo");
    await endWell(store, trial);
    await store.close();
  },

  /** No descriptor is free, then some are. */
  async descriptors() {
    const store = await openStore(directory);
    const trial = begin(store);
    await must(trial, "append");
    await must(trial, "archive");
    for (const left of [0, 1, 2, 3, 4]) {
      const taken: number[] = [];
      try {
        for (;;) taken.push(openSync("/dev/null", "r"));
      } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EMFILE")) throw error;
      }
      for (const fd of taken.splice(0, left)) closeSync(fd);
      for (const step of STEPS) say({ ...(await trial.run(step)), at: `${left} descriptors` });
      for (const fd of taken) closeSync(fd);
      await trial.check();
      await trial.run("undo");
      await endWell(store, trial);
    }
    await store.close();
  },
};

async function back(trial: Trial, step: Step): Promise<void> {
  await must(trial, "collect"); // otherwise the remains of all attempts grow faster than they make progress
  if (step === "archive" || step === "sweep") await must(trial, "restore");
  if (step === "merge") await must(trial, "append more");
  if (step === "restore") await must(trial, "archive");
  if (step === "tombstone") await must(trial, "undo");
  if (step === "undo") await must(trial, "tombstone");
}

const scenario = SCENARIOS[name];
if (!scenario) throw new Error(`There is no scenario "${name}".`);
await scenario();
