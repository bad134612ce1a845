/**
 * The tasks of this process hold the lock of the system together, in terms: the first one takes it, the others join, and the last
 * one releases it. A term that others wait for takes no more tasks, and then they get their turn.
 */
import { setTimeout } from "node:timers/promises";
import { ArchiverError, throwIfAborted } from "@session-archiver/core/adapter";
import type { SystemLock } from "./system-lock.js";

export interface LockTerms {
  /** Resolves when the lock is held. To be followed by `leave`. */
  enter(signal: AbortSignal | undefined): Promise<void>;
  leave(): void;
}

interface Term {
  readonly since: number;
  readonly asked: number | undefined;
  isOver: boolean;
}

/** How long tasks may join although others wait. */
const TERM_MS = 10;
/** How long at most: older versions wait without letting the holder know. */
const LONGEST_TERM_MS = 250;
/** How long the others have to take the lock: some of their pauses. */
const TURN_MS = 4;
const MAX_PAUSE_MS = 2;

export function openLockTerms(lock: SystemLock, timeoutMs: number): LockTerms {
  let waiting = 0;
  let running = 0;
  let taking: Promise<void> | undefined;
  let term: Term | undefined;
  let ended = Promise.withResolvers<void>();
  let notBefore = 0;

  function isOpen(): boolean {
    if (!term) return false;
    if (running === 0) return true; // those for whom it was taken may come late, and nobody else would end it
    const age = performance.now() - term.since;
    term.isOver ||= age > LONGEST_TERM_MS || (age > TERM_MS && lock.lastAsked() !== term.asked);
    return !term.isOver;
  }

  async function take(): Promise<void> {
    const now = performance.now();
    if (now < notBefore) await setTimeout(notBefore - now);
    const deadline = performance.now() + timeoutMs;
    for (let pause = 1; !(await lock.tryTake()); pause = MAX_PAUSE_MS) {
      if (waiting === 0) return;
      if (performance.now() > deadline) {
        const message = `Another process has held the lock for ${timeoutMs} ms; try again later.`;
        throw new ArchiverError("UNAVAILABLE", message);
      }
      lock.ask();
      await setTimeout(pause * (0.5 + Math.random()));
    }
    term = { since: performance.now(), asked: lock.lastAsked(), isOver: false };
    if (waiting === 0) end(term);
  }

  function beginTerm(): Promise<void> {
    if (taking) return taking;
    taking = take().finally(() => (taking = undefined));
    taking.catch(() => undefined); // all who wanted it may have given up
    return taking;
  }

  function end({ asked, isOver }: Term): void {
    if (isOver || lock.lastAsked() !== asked) notBefore = performance.now() + TURN_MS;
    term = undefined;
    const { resolve } = ended;
    ended = Promise.withResolvers();
    resolve();
    lock.release();
  }

  return {
    async enter(signal) {
      waiting++;
      try {
        while (!isOpen()) {
          throwIfAborted(signal);
          await unlessAborted(term ? ended.promise : beginTerm(), signal);
        }
        running++;
      } finally {
        waiting--;
        if (term && running === 0 && waiting === 0) end(term);
      }
    },
    leave() {
      running--;
      if (term && running === 0) end(term);
    },
  };
}

/** Also resolves once the signal is aborted. */
async function unlessAborted(step: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) return step;
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = (): void => resolve();
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([step, promise]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
