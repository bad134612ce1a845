/** The browser side: a page with a worker in a real Chromium, its profile on the disk. */
import { open } from "node:fs/promises";
import type { Bench, Part } from "../parts/part.js";
import type { PartReport } from "../report/series.js";
import { measureAppends } from "./appends.js";
import { LARGE_CLAIMS, measureLarge } from "./large-session.js";
import { measureLayout } from "./layout.js";
import { MEMORY_CLAIMS, measureMemory } from "./memory.js";
import { measureSmall } from "./small-sessions.js";
import { inBrowser } from "./tab.js";

const MOST_BYTES = 64e6;
const NOTHING = new Uint8Array();

export const browserPart: Part = {
  name: "browser",
  about: "archive, reads, sweeps, appends and memory in a real Chromium, on IndexedDB",
  optIn: true,
  run,
};

export const browserLayoutPart: Part = {
  name: "browser-layout",
  about: "IndexedDB alone: sizes of rows and shapes of transactions",
  optIn: true,
  async run({ data, rounds, scratch }) {
    const bytes = await wholeLines((await data.large()).path, MOST_BYTES);
    return inBrowser(scratch, bytes, async (tab) => ({
      part: "browser-layout",
      title: `IndexedDB in ${tab.version}, without the adapter`,
      series: await measureLayout(tab, rounds),
      claims: [],
      facts: { browser: tab.version, bytes: bytes.length },
    }));
  },
};

async function run({ data, rounds, scratch }: Bench): Promise<PartReport> {
  const { path } = await data.large();
  const bytes = await wholeLines(path, MOST_BYTES);
  // Each runs in its own browser, so that data in the database's log doesn't slow the next one.
  const large = await inBrowser(scratch, bytes, (tab) => measureLarge(tab, rounds));
  const small = await inBrowser(scratch, NOTHING, (tab) => measureSmall(tab, rounds));
  const appends = await inBrowser(scratch, NOTHING, (tab) => measureAppends(tab, rounds));
  const { memory, version } = await inBrowser(scratch, NOTHING, async (tab) => ({
    memory: await measureMemory(tab),
    version: tab.version,
  }));
  return {
    part: "browser",
    title: `In ${version}, a dedicated worker on IndexedDB`,
    series: [...large, ...small.series, ...appends, ...memory.series],
    claims: [...LARGE_CLAIMS, ...MEMORY_CLAIMS],
    facts: { browser: version, bytes: bytes.length, ...small.facts, ...memory.facts },
  };
}

/** The first lines of a file, up to this many bytes. */
async function wholeLines(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, buffer.subarray(0, bytesRead).lastIndexOf(10) + 1);
  } finally {
    await file.close();
  }
}
