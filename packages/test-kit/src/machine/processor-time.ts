/**
 * Milliseconds of this process's own time on the processor that `work` takes, all threads together.
 * Unlike the clock, it stands still while other processes use the cores, so a limit holds on a busy machine.
 */
export function cpuMsOf(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
