/** What a session's own lines tell of it, when no manifest does: its times and facts. */
import type { Context } from "../../context.js";
import type { FileIndex } from "../../format/manifest.js";
import { readArchive } from "../../format/reader.js";
import type { Bytes, Meta, OpOptions } from "../../ports.js";
import { KEY, withKeys } from "../../session/metadata.js";
import { withFacts } from "../../session/transitions/archived.js";
import { factsReader } from "../facts.js";
import { scanOutput } from "../import/scan.js";

/** `at`: when it was archived, which stands for its last activity if no line has a time. */
export function metaFromArchive(ctx: Context, id: string, index: FileIndex, at: number, op: OpOptions): Promise<Meta> {
  const range = { start: 0, end: index.rawBytes };
  return metaFromContent(ctx, id, readArchive(ctx.archives, ctx.codec, index, range, op), at);
}

/** The same of any output. */
export async function metaFromContent(ctx: Context, id: string, content: Bytes, at: number): Promise<Meta> {
  const scan = scanOutput(ctx.now());
  const facts = factsReader(ctx, id, {}, 0);
  for await (const chunk of content) {
    scan.add(chunk);
    facts.add(chunk);
  }
  scan.end();
  const times = { [KEY.startedAt]: scan.oldest, [KEY.lastActivity]: scan.newest ?? at };
  return withFacts(withKeys({}, { [KEY.view]: "agent", ...times }), facts.facts());
}
