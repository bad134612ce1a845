/** Helpers for tests of imports. */
import { expect } from "vitest";
import type { ImportReport } from "../../src/import/report.js";
import type { ListedSession, SessionDetails } from "../../src/index.js";
import type { Cli } from "./cli.js";
import { listAll } from "./listed.js";

/** The report of an import, with its exit code. */
export async function imported(
  cli: Cli,
  ...words: readonly string[]
): Promise<ImportReport & { readonly exitCode: number }> {
  const run = await cli.run("import", ...words, "--json");
  return { ...run.json<ImportReport>(), exitCode: run.exitCode };
}

export async function listed(cli: Cli): Promise<readonly ListedSession[]> {
  return await listAll(cli);
}

export async function idsOf(cli: Cli): Promise<readonly string[]> {
  return (await listed(cli)).map(({ id }) => id).sort();
}

export async function bytesOf(cli: Cli, id: string): Promise<string> {
  const run = await cli.run("cat", "--", id);
  expect(run).toMatchObject({ exitCode: 0 });
  return run.text;
}

export async function detailsOf(cli: Cli, id: string): Promise<SessionDetails> {
  const [details] = (await cli.run("info", "--json", "--", id)).json<[SessionDetails]>();
  return details;
}

/** Lines as Claude Code writes them, of the session with this id. */
export function claudeLines(sessionId: string, lines: number, text = "hello", more: object = {}): string {
  return Array.from({ length: lines }, (_, i) => {
    const timestamp = new Date(Date.UTC(2026, 0, 15, 10, i)).toISOString();
    const message = { role: "user", content: `${text} ${i}` };
    return `${JSON.stringify({ type: "user", uuid: `u${i}`, sessionId, timestamp, ...more, message })}\n`;
  }).join("");
}

/** A rollout as Codex writes it. */
export function codexLines(id: string, lines: number, text = "hello"): string {
  const timestamp = new Date(Date.UTC(2026, 0, 15, 10)).toISOString();
  const items = Array.from({ length: lines }, (_, i) => ({
    timestamp: new Date(Date.UTC(2026, 0, 15, 10, i)).toISOString(),
    type: "response_item",
    payload: { type: "message", role: "user", content: [{ type: "input_text", text: `${text} ${i}` }] },
  }));
  const head = { timestamp, type: "session_meta", payload: { id, cwd: "/home/dev/app", cli_version: "0.150.0" } };
  return [head, ...items].map((line) => `${JSON.stringify(line)}\n`).join("");
}
