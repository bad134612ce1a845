/**
 * What a page costs the processor while something goes on. The time on the clock would depend on the machine's other work;
 * processor time does so only a little.
 */
import type { Page } from "playwright";
import { tracedDuring } from "./trace.js";

/** Longer tasks are noticeable, and the browser calls them long. */
const LONG_MS = 50;

/** Milliseconds of processor time. */
export interface PageTime {
  /** Each task that blocks a page's main thread noticeably, the longest first. */
  readonly longTasks: readonly number[];
  /**
   * Total blocking time: by how much the long tasks together exceed what is noticeable. A single task may be long by
   * chance, when the processor's caches were taken by other programs; that adds a few milliseconds.
   */
  readonly blocking: number;
  /** All tasks of pages' main threads, and of their workers. */
  readonly total: number;
}

export async function pageTimeDuring(page: Page, work: () => Promise<unknown>): Promise<PageTime> {
  const tasks = await tracedDuring(page, work);
  const longTasks = tasks
    .filter(({ isMain, cpuMs }) => isMain && cpuMs > LONG_MS)
    .map(({ cpuMs }) => cpuMs)
    .sort((a, b) => b - a);
  return {
    longTasks,
    blocking: longTasks.reduce((sum, ms) => sum + ms - LONG_MS, 0),
    total: tasks.reduce((sum, { cpuMs }) => sum + cpuMs, 0),
  };
}
