/** What a step costs: what it asks of the ports, what its process reads and writes, and its processor time. */
import { readFileSync } from "node:fs";

/** Asked of the ports. */
export interface Counts {
  /** Calls of their methods. */
  readonly calls: number;
  /** What their lists gave. */
  readonly items: number;
  /** Bytes of blobs, archives and metadata that they gave and took. */
  readonly given: number;
  readonly taken: number;
}

export interface Costs extends Counts {
  /** Bytes that the process read and wrote by system calls, page cache included; `undefined` where nobody counts them. */
  readonly read: number | undefined;
  readonly written: number | undefined;
  readonly processorMs: number;
}

/** The costs of some work, by the difference of the counts before and after it. */
export async function costsOf(counts: () => Counts, work: () => Promise<unknown>): Promise<Costs> {
  const before = counts();
  const io = processBytes();
  const processor = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(processor);
  const after = counts();
  const ioAfter = processBytes();
  return {
    calls: after.calls - before.calls,
    items: after.items - before.items,
    given: after.given - before.given,
    taken: after.taken - before.taken,
    read: io && ioAfter && ioAfter.read - io.read,
    written: io && ioAfter && ioAfter.written - io.written,
    processorMs: (user + system) / 1000,
  };
}

function processBytes(): { readonly read: number; readonly written: number } | undefined {
  try {
    const text = readFileSync("/proc/self/io", "utf8");
    const countOf = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(text)?.[1]);
    return { read: countOf("rchar"), written: countOf("wchar") };
  } catch {
    return undefined; // no such file system
  }
}
