/** What the app's exports hold. */
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import type { Page } from "playwright";
import { type Digest, digest } from "./bytes.ts";
import { action, openSession } from "./session.ts";

export interface Exported {
  readonly name: string;
  readonly path: string;
  /** The file as it is. */
  readonly file: Buffer;
  readonly transcript: Buffer;
}

export async function exportOpen(page: Page): Promise<Exported> {
  const started = page.waitForEvent("download");
  await action(page, "Export").click();
  const download = await started;
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
