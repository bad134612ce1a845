/** Downloads the app's exports and reads them. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { Page } from "playwright";
import { type Digest, digest } from "./bytes.ts";
import { action, openSession } from "./session.ts";
import { until } from "./until.ts";

export interface Exported {
  readonly name: string;
  readonly path: string;
  /** The exported file. */
  readonly file: Buffer;
  readonly transcript: Buffer;
}

/** Chromium silently drops a page's downloads above a rate that no person reaches, but a test does. */
const BURST = 10;
const BURST_MS = 1000;
const exportedAt = new WeakMap<Page, number[]>();

async function untilDownloadsAreTaken(page: Page): Promise<void> {
  const first = exportedAt.get(page)?.at(-BURST);
  if (first !== undefined) await until("downloads are accepted again", () => performance.now() - first > BURST_MS);
}

/** The time when the download began: Chromium counts from then, which may be long after the click. */
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

/** The hash of the transcript in the session's export. */
export async function digestOf(page: Page, title: string): Promise<Digest> {
  await openSession(page, title);
  return digestOpen(page);
}

export async function digestOpen(page: Page): Promise<Digest> {
  return digest((await exportOpen(page)).transcript);
}
