/** Writes a manifest as JSON, with a line for each segment. */

import { checkedJson } from "../adapter/validate.js";
import type { Bytes } from "../ports.js";
import { COLUMNS, type Manifest, type ManifestFile, type StoredManifestFile } from "./manifest.js";

const LINES_A_CHUNK = 1000;

export async function* encodeManifest(manifest: Manifest): Bytes {
  const encoder = new TextEncoder();
  const { files, ...head } = manifest;
  const columns = Object.values(COLUMNS);
  yield encoder.encode(
    `${checkedJson(head, head.id).slice(0, -1)},"segmentColumns":${JSON.stringify(Object.keys(COLUMNS))},"files":[`,
  );
  for (const [i, { segments, ...file }] of files.entries()) {
    yield encoder.encode(`${i > 0 ? "," : ""}\n${JSON.stringify(asStored(file)).slice(0, -1)},"segments":[`);
    for (let at = 0; at < segments.length; at += LINES_A_CHUNK) {
      const rows = segments
        .slice(at, at + LINES_A_CHUNK)
        .map((s) => JSON.stringify(columns.map((column) => s[column])));
      yield encoder.encode(`${at > 0 ? "," : ""}\n${rows.join(",\n")}`);
    }
    yield encoder.encode("\n]}");
  }
  yield encoder.encode("\n]}\n");
}

function asStored(file: Omit<ManifestFile, "segments">): Omit<StoredManifestFile, "segments"> {
  const { key, rawBytes, archiveBytes, crc32, archiveCrc32, ...rest } = file;
  const { lines, newlines, openLine, ...names } = rest;
  const stored = { rawBytes, storedBytes: archiveBytes, crc32, storedCrc32: archiveCrc32 };
  return { ...names, key, ...stored, lines, newlines, openLine };
}
