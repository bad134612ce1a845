/** The Claude Code sessions of the corpus as units: which files belong to which session. */
import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { identify } from "@session-archiver/transcripts";

export interface CorpusSession {
  readonly uuid: string;
  /** The project folder that it goes into. */
  readonly slug: string;
  /** Absolute. */
  readonly transcript: string;
  /** Absolute paths of its subagents from the time when they lay beside it. */
  readonly beside: readonly string[];
  /** Absolute paths by where they lie below the folder `<uuid>`. */
  readonly inside: ReadonlyMap<string, string>;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const HEAD_BYTES = 64 * 1024;

/** A file that lies in a project and is no session: an empty transcript, or an old subagent without its session. */
export interface OtherFile {
  readonly slug: string;
  /** Absolute. */
  readonly path: string;
}

export interface CorpusSessions {
  readonly sessions: readonly CorpusSession[];
  readonly orphans: readonly OtherFile[];
  readonly empty: readonly OtherFile[];
}

/**
 * Sessions in the order of their paths, each uuid once. Files that aren't named by a uuid get one: the one their lines name, if
 * no other file has it.
 */
export async function corpusSessions(corpus: string): Promise<CorpusSessions> {
  const paths = [...(await jsonlBelow(corpus, "claude-code")), ...(await jsonlBelow(corpus, "derived"))];
  const names = paths.filter((path) => !isInside(path) && !isAgent(path) && !/\/(codex-|empty\.)[^/]*$/.test(path));
  const taken = new Set(names.map(nameOf).filter((name) => UUID.test(name)));
  const sessions: CorpusSession[] = [];
  const orphans: OtherFile[] = [];
  const empty: OtherFile[] = [];
  for (const path of names) {
    if ((await stat(join(corpus, path))).size === 0) {
      empty.push({ slug: slugOf(path), path: join(corpus, path) });
      continue;
    }
    const uuid = UUID.test(nameOf(path)) ? nameOf(path) : await freeUuid(join(corpus, path), path, taken);
    const own = `${path.replace(/\.jsonl$/, "")}/`;
    const inside = paths.filter((other) => other.startsWith(own));
    sessions.push({
      uuid,
      slug: slugOf(path),
      transcript: join(corpus, path),
      beside: [],
      inside: new Map(inside.map((other) => [other.slice(own.length), join(corpus, other)])),
    });
  }
  for (const path of paths.filter((path) => isAgent(path) && !isInside(path))) {
    const named = (await headFacts(join(corpus, path))).nativeParent;
    const at = sessions.findIndex(({ uuid, slug }) => uuid === named && slug === slugOf(path));
    const session = sessions[at];
    if (session) sessions[at] = { ...session, beside: [...session.beside, join(corpus, path)] };
    else orphans.push({ slug: slugOf(path), path: join(corpus, path) });
  }
  return { sessions, orphans, empty };
}

async function jsonlBelow(corpus: string, folder: string): Promise<readonly string[]> {
  const paths = await readdir(join(corpus, folder), { recursive: true });
  return paths
    .filter((path) => path.endsWith(".jsonl"))
    .map((path) => `${folder}/${path}`)
    .sort();
}

const nameOf = (path: string): string => basename(path, ".jsonl");
const isAgent = (path: string): boolean => nameOf(path).startsWith("agent-");
const isInside = (path: string): boolean => /\/[0-9a-f]{8}-[0-9a-f-]{27}\//.test(path);
/** The folders of one source are those of its user's projects; others have one project. */
const slugOf = (path: string): string => {
  const folder = basename(dirname(path));
  return folder.startsWith("-") ? folder : `-home-me-${folder.replaceAll(/[^A-Za-z0-9]/g, "-")}`;
};

async function freeUuid(location: string, path: string, taken: Set<string>): Promise<string> {
  const { nativeId = "" } = await headFacts(location);
  const hash = createHash("sha256").update(path).digest("hex");
  const made = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-a${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
  const uuid = UUID.test(nativeId) && !taken.has(nativeId) ? nativeId : made;
  taken.add(uuid);
  return uuid;
}

async function headFacts(location: string): Promise<ReturnType<typeof identify>> {
  const file = await open(location);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return identify(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}
