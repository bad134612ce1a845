/** Has conformance cases run by a worker. */
import { cases, FOREIGN_FEATURES } from "@session-archiver/conformance";
import { afterAll, describe, test } from "vitest";
import { OFFERS } from "./subject.js";

export interface Task {
  readonly number: number;
  readonly name: string;
}

export interface Answer {
  readonly number: number;
  /** What was wrong. */
  readonly failure?: string;
}

/** A `Worker`, or what stands for it in a `SharedWorker`: `port`. */
export interface Started {
  readonly worker: AbstractWorker;
  readonly port: Worker | MessagePort;
  stop(): void;
}

/** A test for each case, which the worker runs. */
export function conformanceIn(name: string, start: () => Started): void {
  const { worker, port, stop } = start();
  const waiting = new Map<number, (answer: Answer) => void>();
  /** Why the worker can't answer. */
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  worker.onerror = (event: Event) => {
    broken.reject(new Error(`The worker failed: ${event instanceof ErrorEvent ? event.message : event.type}`));
  };
  port.onmessage = ({ data }: MessageEvent<Answer>) => waiting.get(data.number)?.(data);
  let asked = 0;
  const run = async (testName: string): Promise<void> => {
    const number = asked++;
    const answered = new Promise<Answer>((resolve) => waiting.set(number, resolve));
    port.postMessage({ number, name: testName } satisfies Task);
    const { failure } = await Promise.race([answered, broken.promise]);
    waiting.delete(number);
    if (failure !== undefined) throw new Error(failure);
  };
  describe(name, () => {
    afterAll(stop);
    // No browser takes files away from other programs.
    const ours = cases.filter(({ needs }) =>
      needs.every((feature) => OFFERS.includes(feature) && !FOREIGN_FEATURES.includes(feature)),
    );
    for (const [concern, group] of Map.groupBy(ours, (each) => each.concern)) {
      describe(concern, () => {
        for (const each of group) test(each.name, () => run(each.name));
      });
    }
  });
}
