/** Writes sessions of two projects as Claude Code does: one of them has called two subagents. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { claudeCodeWriter } from "@session-archiver/transcripts";

export const CALLER = "Mend the parser";
export const OTHER = "Name the branches";
export const SUBAGENTS: readonly string[] = ["Find the tokens", "Try the tests"];

/** A session of Claude Code; with `agent`, of its subagent, as it writes both. */
function lines(title: string, sessionId: string, project: string, agent?: string): string {
  const session = { sessionId, cwd: `/home/ada/${project}`, version: "2.1.328", gitBranch: "main" };
  const writer = claudeCodeWriter({ ...session, model: "claude-opus-4-1-20250805" });
  const stamp = (uuid: string) => ({ uuid, timestamp: "2026-05-01T10:00:00.000Z" });
  const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
  const written = [
    writer.prompt(title, stamp("1")),
    writer.answer({ id: "m", content: [{ type: "text", text: "Done." }], usage }, stamp("2")),
  ];
  const own = agent === undefined ? {} : { isSidechain: true, agentId: agent };
  return written.map((line) => `${JSON.stringify({ ...JSON.parse(line), ...own })}\n`).join("");
}

/** Into `<folder>/projects`. */
export async function writeProjects(folder: string): Promise<void> {
  const files: Record<string, string> = {
    "importer/s1.jsonl": lines(CALLER, "s1", "importer"),
    "importer/s1/subagents/agent-a1.jsonl": lines(SUBAGENTS[0] ?? "", "s1", "importer", "a1"),
    "importer/s1/subagents/agent-b2.jsonl": lines(SUBAGENTS[1] ?? "", "s1", "importer", "b2"),
    "other/s2.jsonl": lines(OTHER, "s2", "other"),
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, "projects", name)), { recursive: true });
    await writeFile(join(folder, "projects", name), text);
  }
}
