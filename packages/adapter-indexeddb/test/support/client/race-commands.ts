/** Tabs that do the same at the same time. */
import { codeOf, type ErrorCode } from "@session-archiver/core";
import { current } from "./store-commands.js";

let isStopped = false;

export const raceCommands = {
  /** Archives, restores, settles, sweeps and collects in an order of its own; counts what was refused, by code. */
  async change(
    ids: readonly string[],
    rounds: number,
    seed: number,
  ): Promise<Partial<Record<ErrorCode | "done", number>>> {
    const { archiver } = current();
    const outcomes: Partial<Record<ErrorCode | "done", number>> = {};
    let state = seed;
    const below = (count: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * count);
    };
    for (let round = 0; round < rounds; round++) {
      const id = ids[below(ids.length)] ?? "";
      const operations = [
        () => archiver.archive(id),
        () => archiver.archive(id),
        () => archiver.restore(id),
        () => archiver.restore(id),
        () => archiver.settle(id),
        () => archiver.sweep({ inactiveDays: 0 }),
        () => archiver.gc({ graceDays: 0 }),
      ];
      const outcome = await operations[below(operations.length)]?.().then(
        () => "done" as const,
        (error: unknown) => {
          const code = codeOf(error);
          if (code === undefined) throw error;
          return code;
        },
      );
      if (outcome) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    }
    return outcomes;
  },
  /** Appends the lines 0, 1, 2 … to each of these sessions, in turn; resolves to how many each got, once stopped. */
  async appendUntilStopped(ids: readonly string[]): Promise<number> {
    isStopped = false;
    const recorders = ids.map((id) => current().archiver.recorder(id));
    let count = 0;
    for (; !isStopped; count++) {
      for (const recorder of recorders) await recorder.append(`${count}\n`);
    }
    for (const recorder of recorders) await recorder.close();
    return count;
  },
  async stopAppending(): Promise<void> {
    isStopped = true;
  },
  /** Appends until the tab ends, and reports each line that is safe to the test's server. */
  async appendForever(id: string): Promise<never> {
    const recorder = current().archiver.recorder(id, { create: {} });
    for (let i = 0; ; i++) {
      await recorder.append(`${i}\n`);
      await fetch(`/uploads/acknowledged`, { method: "PUT", body: String(i + 1) });
    }
  },
  /** `null`: another tab is sweeping. */
  sweepExclusive: async () => (await current().store.runExclusive(() => current().archiver.sweep())) ?? null,
  /** Holds the right to sweep until the tab ends; `false` if another tab has it. */
  async holdExclusive(): Promise<boolean> {
    const begun = Promise.withResolvers<boolean>();
    const work = (): Promise<never> => {
      begun.resolve(true);
      return new Promise<never>(() => {});
    };
    current()
      .store.runExclusive(work)
      .then(() => begun.resolve(false), begun.reject);
    return begun.promise;
  },
};
