/** Writes a manifest as JSON, with a line for each segment. */

import { checkedJson } from "../adapter/validate.js";
import type { Bytes } from "../ports.js";
import { COLUMNS, type Manifest } from "./manifest.js";

const LINES_A_CHUNK = 1000;

export async function* encodeManifest(manifest: Manifest): Bytes {
  const encoder = new TextEncoder();
  const { files, ...head } = manifest;
  yield encoder.encode(
    `${checkedJson(head, head.id).slice(0, -1)},"segmentColumns":${JSON.stringify(COLUMNS)},"files":[`,
  );
  for (const [i, { segments, ...file }] of files.entries()) {
    yield encoder.encode(`${i > 0 ? "," : ""}\n${JSON.stringify(file).slice(0, -1)},"segments":[`);
    for (let at = 0; at < segments.length; at += LINES_A_CHUNK) {
      const rows = segments
        .slice(at, at + LINES_A_CHUNK)
        .map((s) => JSON.stringify(COLUMNS.map((column) => s[column])));
      yield encoder.encode(`${at > 0 ? "," : ""}\n${rows.join(",\n")}`);
    }
    yield encoder.encode("\n]}");
  }
  yield encoder.encode("\n]}\n");
}
