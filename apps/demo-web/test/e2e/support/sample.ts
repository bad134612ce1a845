/** Sessions as files on disk: generated ones, with a title and a last line of their own to know them by. */
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { generateSession, type SessionKind } from "@session-archiver/test-kit/sessions";
import { type ClaudeCodeStamp, claudeCodeWriter, codexMessage } from "@session-archiver/transcripts";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Sample {
  /** Of the file that was written; `.gz` is for gzip data. */
  readonly path: string;
  readonly title: string;
  /** Shown at the end of the transcript. */
  readonly lastWords: string;
}

export interface SampleOptions {
  readonly title: string;
  readonly seed?: number;
  readonly kind?: SessionKind;
  /** About, unless `lines` are given. */
  readonly bytes?: number;
  /** Exactly so many lines. */
  readonly lines?: number;
  /** Since the session's last line. */
  readonly daysAgo?: number;
  /** Below the folder; from the title if not given. */
  readonly file?: string;
}

export async function writeSample(folder: string, options: SampleOptions): Promise<Sample> {
  const { title, file = `${title.replaceAll(" ", "-")}.jsonl` } = options;
  const path = join(folder, file);
  const lastWords = `That was all of ${title}.`;
  await mkdir(dirname(path), { recursive: true });
  const lines = Readable.from(linesOf(options, lastWords), { objectMode: false });
  const out = createWriteStream(path);
  await (path.endsWith(".gz") ? pipeline(lines, createGzip(), out) : pipeline(lines, out));
  return { path, title, lastWords };
}

/** Several at once, with seeds of their own. */
export function writeSamples(folder: string, all: readonly SampleOptions[]): Promise<readonly Sample[]> {
  return Promise.all(all.map((options, index) => writeSample(folder, { seed: index + 1, ...options })));
}

/** A session that no compression makes much smaller, neither ours nor the browser's own. */
export async function writeNoise(folder: string, title: string, bytes: number): Promise<Sample> {
  const path = join(folder, `${title.replaceAll(" ", "-")}.jsonl`);
  const lastWords = `That was all of ${title}.`;
  const end = Date.now() - 30 * DAY_MS;
  const lines = [line("claude-code", "user", title, end)];
  for (let left = bytes; left > 0; left -= 100_000) {
    lines.push(line("claude-code", "assistant", randomBytes(75_000).toString("base64"), end));
  }
  lines.push(line("claude-code", "assistant", lastWords, end));
  await writeFile(path, lines);
  return { path, title, lastWords };
}

/** In pieces of many lines: a stream takes one line at a time only slowly. */
function* linesOf(options: SampleOptions, lastWords: string): Generator<Uint8Array> {
  const { title, seed = 1, kind = "claude-code", bytes = 40_000, lines, daysAgo = 30 } = options;
  const end = Date.now() - daysAgo * DAY_MS;
  const middle = generateSession({
    seed,
    kind,
    bytes: lines === undefined ? bytes : Number.POSITIVE_INFINITY,
    // Well before the end, which the generator's clock is not to pass.
    startMs: end - (lines ?? bytes / 200) * 10_000,
  });
  yield line(kind, "user", title, end - 60 * DAY_MS);
  let pieces: Uint8Array[] = [];
  let left = lines === undefined ? Number.POSITIVE_INFINITY : lines - 2;
  while (left-- > 0) {
    const next = middle.next();
    if (next.done) break;
    pieces.push(next.value);
    if (pieces.length < 500) continue;
    yield Buffer.concat(pieces);
    pieces = [];
  }
  yield Buffer.concat(pieces);
  yield line(kind, "assistant", lastWords, end);
}

function line(kind: SessionKind, role: "user" | "assistant", text: string, time: number): Uint8Array {
  const stamp = { uuid: `${role}-0`, timestamp: new Date(time).toISOString() };
  return new TextEncoder().encode(
    `${kind === "codex" ? codexMessage(role, text, stamp.timestamp) : claude(role, text, stamp)}\n`,
  );
}

function claude(role: "user" | "assistant", text: string, stamp: ClaudeCodeStamp): string {
  const session = {
    sessionId: "sample",
    cwd: "/work",
    version: "2.1.4",
    gitBranch: "main",
    model: "claude-sonnet-4-5",
  };
  const writer = claudeCodeWriter(session);
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  if (role === "user") return writer.prompt(text, stamp);
  return writer.answer({ id: "msg_sample", content: [{ type: "text", text }], usage }, stamp);
}
