/** The result of one turn of one contender. */
export interface Sample {
  readonly seconds: number;
  readonly peakMiB?: number | undefined;
}

export function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return secondsSince(started);
}

/** Processor time of this process over all threads. It excludes waiting and the time of other processes. */
export async function timedByProcessor(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}
