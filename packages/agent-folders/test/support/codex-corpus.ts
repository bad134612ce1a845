/** The Codex sessions of the corpus: each file's thread, and the name that Codex gives such a file. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";

export interface CorpusThread {
  /** `undefined`: the file's first line names none, and Codex doesn't list it. */
  readonly nativeId: string | undefined;
  /** The working directory. */
  readonly cwd: string | undefined;
  readonly fileName: string;
  /** The day folder: `2026/06/17`. */
  readonly day: string;
  readonly bytes: Uint8Array;
}

const ROLLOUT = /^rollout-(\d{4})-(\d\d)-(\d\d)T[\d-]+-[0-9a-f-]{36}\.jsonl$/;
const NO_TIME = "2026-01-01T00:00:00Z";

/** In the order of their paths, each id once: files cut from one session, to make hard cases, get ids of their own. */
export async function corpusThreads(corpus: string): Promise<readonly CorpusThread[]> {
  const threads: CorpusThread[] = [];
  const taken = new Set<string>();
  for (const path of await codexPaths(corpus)) {
    let bytes = await readFile(join(corpus, path));
    let { nativeId, cwd, time } = headOf(bytes);
    const made = uuidFrom(path);
    if (nativeId !== undefined && taken.has(nativeId)) {
      bytes = Buffer.from(bytes.toString("latin1").replaceAll(nativeId, made), "latin1");
      nativeId = made;
    }
    if (nativeId !== undefined) taken.add(nativeId);
    const isNamed = ROLLOUT.test(basename(path));
    const fileName = isNamed
      ? basename(path)
      : `rollout-${time.slice(0, 19).replaceAll(":", "-")}-${nativeId ?? made}.jsonl`;
    threads.push({ nativeId, cwd, fileName, day: fileName.slice(8, 18).replaceAll("-", "/"), bytes });
  }
  return threads;
}

async function codexPaths(corpus: string): Promise<readonly string[]> {
  const own = (await readdir(join(corpus, "codex"), { recursive: true })).map((path) => `codex/${path}`);
  const hard = (await readdir(join(corpus, "derived"), { recursive: true })).map((path) => `derived/${path}`);
  return [...own.sort(), ...hard.filter((path) => basename(path).startsWith("codex-")).sort()].filter((path) =>
    path.endsWith(".jsonl"),
  );
}

interface Head {
  readonly nativeId: string | undefined;
  readonly cwd: string | undefined;
  readonly time: string;
}

function headOf(bytes: Uint8Array): Head {
  const [line = ""] = new TextDecoder().decode(bytes).split("\n");
  const { timestamp = NO_TIME, payload } = JSON.parse(line);
  return { nativeId: payload?.id, cwd: payload?.cwd, time: timestamp };
}

function uuidFrom(text: string): string {
  const hash = createHash("sha256").update(text).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-7${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}
