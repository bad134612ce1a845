/** Writes a manifest as JSON, with one line per segment. */

import { checkedJson } from "../adapter/validate.js";
import type { Bytes } from "../ports.js";
import { COLUMNS, type Manifest, type ManifestFile, type Segment } from "./manifest.js";
import { ownSegment, partsOf, segmentsOf } from "./parts.js";

const LINES_A_CHUNK = 1000;

export async function* encodeManifest(manifest: Manifest): Bytes {
  const encoder = new TextEncoder();
  const { files, ...head } = manifest;
  const columns = JSON.stringify(Object.keys(COLUMNS));
  yield encoder.encode(`${checkedJson(head, head.id).slice(0, -1)},"segmentColumns":${columns},"files":[`);
  for (const [i, file] of files.entries()) {
    yield encoder.encode(i > 0 ? ",\n" : "\n");
    for (const text of fileText(file)) yield encoder.encode(text);
  }
  yield encoder.encode("\n]}\n");
}

function* fileText({ segments, parts, ...file }: ManifestFile): Generator<string> {
  const { key, rawBytes, archiveBytes, crc32, archiveCrc32, lines, newlines, openLine, ...names } = file;
  const counts = { lines, newlines, openLine };
  if (!parts) {
    const stored = { rawBytes, storedBytes: archiveBytes, crc32, storedCrc32: archiveCrc32 };
    yield* withSegments({ ...names, key, ...stored, ...counts }, segments);
    return;
  }
  yield `${JSON.stringify({ ...names, rawBytes, storedBytes: archiveBytes, crc32, ...counts }).slice(0, -1)},"parts":[`;
  for (const [i, placed] of partsOf({ ...file, parts }).entries()) {
    const own = segmentsOf(segments, placed);
    const line = own[0]?.line ?? newlines;
    const { key: partKey, rawBytes: bytes, archiveBytes: storedBytes, crc32: crc, rawOffset } = placed;
    const stored = { rawBytes: bytes, storedBytes, crc32: crc, storedCrc32: parts[i]?.archiveCrc32 };
    yield i > 0 ? ",\n" : "\n";
    yield* withSegments(
      { key: partKey, ...stored, rawOffset, line },
      own.map((segment) => ownSegment(segment, placed, line)),
    );
  }
  yield "\n]}";
}

/** An object of the manifest, with rows of segments as its last value. */
function* withSegments(values: Readonly<Record<string, unknown>>, segments: readonly Segment[]): Generator<string> {
  const columns = Object.values(COLUMNS);
  yield `${JSON.stringify(values).slice(0, -1)},"segments":[`;
  for (let at = 0; at < segments.length; at += LINES_A_CHUNK) {
    const rows = segments.slice(at, at + LINES_A_CHUNK).map((s) => JSON.stringify(columns.map((column) => s[column])));
    yield `${at > 0 ? "," : ""}\n${rows.join(",\n")}`;
  }
  yield "\n]}";
}
