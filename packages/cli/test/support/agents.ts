/** Folders of agents with a few small sessions, and what the disk says of them. */
import { execFile } from "node:child_process";
import { chmod, lstat, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Cli, newCli, type Run } from "./cli.js";

const DAY_MS = 24 * 60 * 60 * 1000;

export interface AgentsCli extends Cli {
  readonly claude: string;
  readonly codex: string;
  /** Runs the program as if it were this many hours later. */
  runLater(hours: number, ...words: string[]): Promise<Run>;
}

export async function newAgents(...always: string[]): Promise<AgentsCli> {
  const cli = await newCli(...always);
  const runLater = (hours: number, ...words: string[]): Promise<Run> =>
    cli.runWith({ now: () => Date.now() + hours * 3_600_000 }, ...words);
  return { ...cli, runLater, claude: join(cli.folder, ".claude"), codex: join(cli.folder, ".codex") };
}

export const UUIDS: readonly string[] = [1, 2, 3, 4].map((n) => `${n}a1b2c3d-4e5f-4061-8071-2a3b4c5d6e7f`);

/** `agent`: of a subagent. */
export function claudeLines(uuid: string, lines: number, cwd: string, agent?: string): string {
  return Array.from({ length: lines }, (_, i) => {
    const ids = { sessionId: uuid, uuid: `${uuid}-${i}`, parentUuid: i === 0 ? null : `${uuid}-${i - 1}` };
    const message = { role: "user", content: `turn ${i} ${"words ".repeat(i % 90)}` };
    const timestamp = new Date(Date.UTC(2026, 9, 1) + i * 1000).toISOString();
    return `${JSON.stringify({ type: "user", isSidechain: agent !== undefined, ...(agent && { agentId: agent }), ...ids, cwd, timestamp, message })}\n`;
  }).join("");
}

export interface Made {
  /** Days since the session was last written to. */
  readonly days?: number;
  readonly lines?: number;
  readonly slug?: string;
  readonly cwd?: string;
}

/** A Claude Code session with a subagent and a tool's result; resolves to its transcript. */
export async function makeClaude({ claude, folder }: AgentsCli, uuid: string, made: Made = {}): Promise<string> {
  const { days = 10, lines = 200, slug = "-home-me-work", cwd = folder } = made;
  const own = join(claude, "projects", slug, uuid);
  const files: readonly (readonly [string, string, number])[] = [
    [`${own}.jsonl`, claudeLines(uuid, lines, cwd), 0o600],
    [join(own, "subagents", "agent-0123456789abcdef0.jsonl"), claudeLines(uuid, 20, cwd, "0123456789abcdef0"), 0o600],
    [join(own, "subagents", "agent-0123456789abcdef0.meta.json"), '{"agentType":"general-purpose"}', 0o644],
    [join(own, "tool-results", "result.txt"), "a large result\n".repeat(5000), 0o644],
  ];
  for (const [path, text, mode] of files) await put(path, text, mode, days);
  return `${own}.jsonl`;
}

/** A Codex session; resolves to its rollout. */
export async function makeCodex(
  { codex, folder }: AgentsCli,
  id: string,
  { days = 10, lines = 100 }: Made = {},
): Promise<string> {
  const meta = { type: "session_meta", payload: { id, cwd: folder, cli_version: "0.140.0" } };
  const text = Array.from({ length: lines }, (_, i) => {
    const payload = { type: "message", role: "user", content: [{ type: "input_text", text: `turn ${i}` }] };
    return { type: "response_item", payload };
  });
  const stamped = [meta, ...text].map(
    (line) => `${JSON.stringify({ timestamp: "2026-10-01T10:00:00.000Z", ...line })}\n`,
  );
  const path = join(codex, "sessions", "2026", "10", "01", `rollout-2026-10-01T10-00-00-${id}.jsonl`);
  await put(path, stamped.join(""), 0o644, days);
  return path;
}

export async function put(path: string, text: string, mode: number, days: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { mode });
  await chmod(path, mode);
  const at = new Date(Date.now() - days * DAY_MS);
  await utimes(path, at, at);
}

/** Each file and folder below: its path, mode and bytes. Folders of ours are left out. */
export async function treeOf(...folders: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const tree: Record<string, string> = {};
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
      const path = join(entry.parentPath, entry.name);
      const { mode } = await lstat(path);
      tree[path] = `${(mode & 0o7777).toString(8)} ${entry.isFile() ? await readFile(path, "utf8") : "folder"}`;
    }
  }
  return tree;
}

/** What `du -B1` says of all these together. */
export async function du(...folders: readonly string[]): Promise<number> {
  const { stdout } = await promisify(execFile)("du", ["-csB1", ...folders]).catch((error: { stdout: string }) => error);
  return Number(/^(\d+)\ttotal$/m.exec(stdout)?.[1]);
}
