/** Makes sessions to try things on: a small task as the agent writes it, then as much more as is asked for. */
import { ArchiverError, type Bytes, concat, throwIfAborted } from "@session-archiver/core";
import { generateSession, type SessionKind } from "@session-archiver/test-kit/sessions";
import { TASKS } from "../agent/script.ts";
import { lineWriter } from "../agent/writer.ts";
import type { GenerateOptions } from "../api.ts";
import { type App, randomId } from "../app.ts";
import { APP_KEY, withKeys } from "../meta.ts";
import { throttled } from "../tasks.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const KINDS: readonly SessionKind[] = ["claude-code", "codex"];
const LINES_A_CHUNK = 256;
/** How long a session takes by its timestamps, as measured on long ones. */
const MS_A_BYTE: Readonly<Record<SessionKind, number>> = { "claude-code": 3.55, codex: 6.37 };
const MOST_SESSIONS = 5000;

/** `INVALID_ARGUMENT` for impossible options. What is made before it is cancelled, or fails, stays. */
export function generate(app: App, options: GenerateOptions): Promise<void> {
  checkOptions(options);
  const { count, bytes, overDays } = options;
  const emit = throttled((progress) => app.events.emit({ type: "progress", progress }));
  return app.tasks.run(async (signal) => {
    for (let at = 0; at < count; at++) {
      throwIfAborted(signal);
      const kind = options.kind === "claude-code" || options.kind === "codex" ? options.kind : KINDS[at % KINDS.length];
      const id = `generated/${kind}-${randomId()}`;
      const lastActivityMs = Math.trunc(app.now() - ((at + Math.random()) / count) * overDays * DAY_MS);
      const report = (done: number, doneCount = at): void =>
        emit({
          operation: "generate",
          id,
          doneBytes: Math.min(at * bytes + done, count * bytes),
          totalBytes: count * bytes,
          doneCount,
          totalCount: count,
        });
      await generateOne(app, { id, kind: kind ?? "codex", bytes, lastActivityMs }, signal, report);
      report(bytes, at + 1);
    }
  });
}

interface NewGenerated {
  readonly id: string;
  readonly kind: SessionKind;
  readonly bytes: number;
  readonly lastActivityMs: number;
}

async function generateOne(
  app: App,
  { id, kind, bytes, lastActivityMs }: NewGenerated,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
  const startMs = lastActivityMs - Math.trunc(bytes * MS_A_BYTE[kind]);
  const body = counted(chunked(linesOf(seed, kind, bytes, startMs)), onBytes);
  await app.locks.hold(id, async () => {
    await app.archiver.import(id, body, { meta: { [APP_KEY.making]: true }, signal });
    await app.archiver.update(id, (meta) => withKeys(meta, { [APP_KEY.making]: null }));
  });
  app.events.changed(id);
}

/** The generator's first line, then a task in plain words, then what the generator makes up. */
function* linesOf(seed: number, kind: SessionKind, bytes: number, startMs: number): Generator<Uint8Array> {
  const encoder = new TextEncoder();
  const writer = lineWriter(kind);
  const generated = generateSession({ seed, bytes, kind, startMs });
  const first = generated.next();
  if (!first.done) yield first.value;
  let now = startMs;
  for (const step of TASKS[seed % TASKS.length] ?? []) {
    now += 500;
    for (const line of writer.lines(step, now)) yield encoder.encode(`${line}\n`);
  }
  yield* generated;
}

async function* chunked(lines: Iterable<Uint8Array>): Bytes {
  let chunk: Uint8Array[] = [];
  for (const line of lines) {
    chunk.push(line);
    if (chunk.length < LINES_A_CHUNK) continue;
    yield concat(chunk);
    chunk = [];
  }
  if (chunk.length > 0) yield concat(chunk);
}

async function* counted(bytes: Bytes, onBytes: (bytes: number) => void): Bytes {
  let done = 0;
  for await (const chunk of bytes) {
    yield chunk;
    done += chunk.length;
    onBytes(done);
  }
}

function checkOptions({ count, bytes, overDays }: GenerateOptions): void {
  const problem = !(Number.isInteger(count) && count >= 1 && count <= MOST_SESSIONS)
    ? `The number of sessions must be from 1 to ${MOST_SESSIONS}, is ${count}.`
    : !(bytes >= 1 && bytes <= Number.MAX_SAFE_INTEGER)
      ? `A session must have at least 1 byte, not ${bytes}.`
      : !(overDays >= 0 && overDays < Number.POSITIVE_INFINITY)
        ? `The days must be at least 0, are ${overDays}.`
        : undefined;
  if (problem) throw new ArchiverError("INVALID_ARGUMENT", problem);
}
