/** Writes generated sessions to disk, each with its own title and last line, by which tests recognise it. */
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip, createZstdCompress } from "node:zlib";
import { generateSession, type SessionKind } from "@session-archiver/test-kit/sessions";
import { type ClaudeCodeStamp, claudeCodeWriter, codexMessage } from "@session-archiver/transcripts";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface Sample {
  /** The path of the written file; `.gz` means gzip data, `.zst` zstd data. */
  readonly path: string;
  readonly title: string;
  /** Shown at the end of the transcript. */
  readonly lastWords: string;
}

export interface SampleOptions {
  readonly title: string;
  readonly seed?: number;
  readonly kind?: SessionKind;
  /** The approximate size; ignored if `lines` is given. */
  readonly bytes?: number;
  /** The exact number of lines. */
  readonly lines?: number;
  /** The age of the session's last line. */
  readonly daysAgo?: number;
  /** The path below the folder; made from the title by default. */
  readonly file?: string;
}

export async function writeSample(folder: string, options: SampleOptions): Promise<Sample> {
  const { title, file = `${title.replaceAll(" ", "-")}.jsonl` } = options;
  const path = join(folder, file);
  const lastWords = `That was all of ${title}.`;
  await mkdir(dirname(path), { recursive: true });
  const lines = Readable.from(linesOf(options, lastWords), { objectMode: false });
  const out = createWriteStream(path);
  if (path.endsWith(".gz")) await pipeline(lines, createGzip(), out);
  else if (path.endsWith(".zst")) await pipeline(lines, createZstdCompress(), out);
  else await pipeline(lines, out);
  return { path, title, lastWords };
}

/** Writes several samples, each with its own seed. */
export function writeSamples(folder: string, all: readonly SampleOptions[]): Promise<readonly Sample[]> {
  return Promise.all(all.map((options, index) => writeSample(folder, { seed: index + 1, ...options })));
}

/** Writes a session that no compression makes much smaller, neither the archiver's nor the browser's. */
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

/** Writes many lines at a time, because writing line by line is slow. */
function* linesOf(options: SampleOptions, lastWords: string): Generator<Uint8Array> {
  const { title, seed = 1, kind = "claude-code", bytes = 40_000, lines, daysAgo = 30 } = options;
  const end = Date.now() - daysAgo * DAY_MS;
  const middle = generateSession({
    seed,
    kind,
    bytes: lines === undefined ? bytes : Number.POSITIVE_INFINITY,
    // Starts early enough that the generator's clock doesn't pass the end.
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
