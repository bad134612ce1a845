/** Time by the wall clock, which other processes slow, and by the processor, which they hardly do. */
export interface Times {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export async function runSeconds(work: () => Promise<unknown>): Promise<Times> {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  return { seconds, cpuSeconds: (user + system) / 1e6 };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
