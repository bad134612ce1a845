/** The worker's API in this process, on stores in memory. */
import { memoryPorts, type Ports } from "@session-archiver/core";
import { onTestFinished } from "vitest";
import type { Pause } from "../../../src/worker/agent/agents.ts";
import type { WorkerEvent } from "../../../src/worker/api.ts";
import { createSessionApi, type Service } from "../../../src/worker/session-api.ts";

export interface TestService {
  readonly api: Service;
  readonly ports: Ports;
  readonly events: WorkerEvent[];
  /** Resolves with the first event, past or future, for which `wanted` returns true. */
  event(wanted: (event: WorkerEvent) => boolean): Promise<WorkerEvent>;
}

export interface TestOptions {
  readonly ports?: Ports;
  /** Services with the same name share locks and the channel, as tabs do. */
  readonly name?: string;
  readonly now?: () => number;
  readonly pause?: Pause;
  readonly runExclusive?: <T>(work: () => Promise<T>) => Promise<T | undefined>;
}

/** The current time in all tests, in unix ms. */
export const NOW: number = Date.UTC(2026, 5, 1, 12);
export const DAY_MS: number = 24 * 60 * 60 * 1000;

let names = 0;

/** Closes at the end of the test. */
export async function openService(options: TestOptions = {}): Promise<TestService> {
  const { ports = memoryPorts(), name = `test-${++names}`, now = () => NOW, pause = neverAgain } = options;
  const events: WorkerEvent[] = [];
  const waiting = new Set<() => void>();
  const api = createSessionApi({
    openStores: async () => ({
      ...ports,
      runExclusive: options.runExclusive ?? ((work) => work()),
      status: async () => ({ usageBytes: 1, quotaBytes: 2, reservedBytes: 0, persisted: false }),
      close: async () => {},
    }),
    name,
    now,
    pause,
  });
  await api.open((event) => {
    events.push(event);
    for (const look of waiting) look();
  });
  await api.recovered();
  onTestFinished(() => api.close());
  const event = (wanted: (event: WorkerEvent) => boolean): Promise<WorkerEvent> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = events.find(wanted);
        if (!found) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { api, ports, events, event };
}

/** A unique name. */
export function newName(): string {
  return `test-${++names}`;
}

/** Lets the agent write one line and then wait until it is stopped. */
const neverAgain: Pause = (signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
