/** A session of 300 MB: its cost in the worker's heap, in the tab's process, and on the page's main thread. */

import { peakMemory } from "@session-archiver/test-kit/chromium";
import type { Claim, Series } from "../report/series.js";
import { sampleWorkerHeap } from "./heap.js";
import type { Tab } from "./tab.js";

const BYTES = 300e6;
const MIB = 2 ** 20;
const LONGEST = "longest task of the main thread";
const CODECS = ["fflate", "native"] as const;
const STEPS = ["archive", "readAll", "restore"] as const;

/** The target is for memory in use; the engine decides how much garbage it keeps beside it. */
const inUse = (step: string, codec: string): string => `${step} of 300 MB, ${codec}: heap in use`;

export const MEMORY_CLAIMS: readonly Claim[] = [
  ...CODECS.map((codec): Claim => ({ kind: "peak MiB", of: inUse("archive", codec), atMost: 64 })),
  ...CODECS.map((codec): Claim => ({ kind: "peak MiB", of: inUse("restore", codec), atMost: 64 })),
  { kind: "ms", of: LONGEST, atMost: 50 },
];

export interface Memory {
  readonly series: readonly Series[];
  readonly facts: Readonly<Record<string, number>>;
}

/** Runs in a new tab, because a process gives little memory back. */
export async function measureMemory(tab: Tab): Promise<Memory> {
  const series: Series[] = [];
  const facts: Record<string, number> = {};
  const idle = await peakMemory(tab.context);
  const heap = await sampleWorkerHeap(tab.context, tab.page);
  const note = async (name: string, step: (typeof STEPS)[number], codec: (typeof CODECS)[number]): Promise<void> => {
    heap.take();
    const seconds = (await tab.call(step, codec)) / 1000;
    const { peak } = heap.take();
    const work = { amount: BYTES / 1e6, unit: "MB" };
    series.push({ name, unit: "s", samples: [seconds], work, peaksMiB: [peak.both / MIB] });
  };
  for (const codec of CODECS) {
    await tab.call("open", codec, { codec, durability: "strict" });
    await tab.call("addGenerated", codec, BYTES);
    for (const step of STEPS) await note(`${step} of 300 MB, ${codec}: garbage included`, step, codec);
    const now = await peakMemory(tab.context);
    if (idle !== undefined && now !== undefined) {
      facts[`peak of the tab's process above an idle one, MiB, up to ${codec}`] = Math.round((now - idle) / MIB);
    }
  }
  heap.collectFirst();
  for (const codec of CODECS) {
    for (const step of STEPS) await note(inUse(step, codec), step, codec);
    await tab.call("drop", codec);
  }
  await heap.stop();
  const tasks = await tab.longTasks();
  series.push({
    name: LONGEST,
    unit: "s",
    samples: [Math.max(0, ...tasks) / 1000],
    peaksMiB: [],
    note: "only tasks over 50 ms are reported; 0 means there was none",
  });
  return { series, facts };
}
