/** What the app's exports hold. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { Page } from "playwright";
import { type Digest, digest } from "./bytes.ts";
import { action, openSession } from "./session.ts";
import { until } from "./until.ts";

export interface Exported {
  readonly name: string;
  readonly path: string;
  /** The file as it is. */
  readonly file: Buffer;
  readonly transcript: Buffer;
}

/** Chromium drops, without a word, a page's downloads beyond so many a second: no person's pace, but that of a test. */
const BURST = 10;
const BURST_MS = 1000;
const exportedAt = new WeakMap<Page, number[]>();

async function untilDownloadsAreTaken(page: Page): Promise<void> {
  const first = exportedAt.get(page)?.at(-BURST);
  if (first !== undefined) await until("downloads are taken again", () => performance.now() - first > BURST_MS);
}

/** Once it has begun: Chromium counts from then, which may be long after the click. */
function downloadBegan(page: Page): void {
  exportedAt.set(page, [...(exportedAt.get(page) ?? []).slice(1 - BURST), performance.now()]);
}

export async function exportOpen(page: Page): Promise<Exported> {
  await untilDownloadsAreTaken(page);
  const started = page.waitForEvent("download");
  await action(page, "Export").click();
  const download = await started;
  downloadBegan(page);
  const path = await download.path();
  const file = await readFile(path);
  return { name: download.suggestedFilename(), path, file, transcript: gunzipSync(file) };
}

/** Of the transcript that the session's export holds. */
export async function digestOf(page: Page, title: string): Promise<Digest> {
  await openSession(page, title);
  return digestOpen(page);
}

export async function digestOpen(page: Page): Promise<Digest> {
  return digest((await exportOpen(page)).transcript);
}
