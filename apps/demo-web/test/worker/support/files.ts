/** Files as a person drops them, and their bytes. */
import { type Bytes, toBytes } from "@session-archiver/core";
import type { ImportFile } from "../../../src/worker/api.ts";
import { bytesFrom } from "../../../src/worker/streams.ts";

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function fileOf(
  path: string,
  content: string | Uint8Array,
  lastModified: number = 1_700_000_000_000,
): ImportFile {
  const bytes = typeof content === "string" ? utf8(content) : new Uint8Array(content);
  return { path, file: new File([bytes], path.slice(path.lastIndexOf("/") + 1), { lastModified }) };
}

export async function gzip(content: string | Uint8Array): Promise<Uint8Array> {
  const raw = new Blob([typeof content === "string" ? utf8(content) : new Uint8Array(content)]);
  return toBytes(bytesFrom(raw.stream().pipeThrough(new CompressionStream("gzip"))));
}

export async function gunzip(blob: Blob): Promise<Uint8Array> {
  return toBytes(bytesFrom(blob.stream().pipeThrough(new DecompressionStream("gzip"))));
}

export async function textOf(bytes: Bytes): Promise<string> {
  return new TextDecoder().decode(await toBytes(bytes));
}

export function userLine(text: string, timestamp: string = "2026-05-01T10:00:00.000Z"): string {
  return `${JSON.stringify({ type: "user", sessionId: "s", message: { role: "user", content: text }, timestamp })}\n`;
}
