/** A home in which every text that comes from outside would take a terminal over, if it got there. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openSqlite } from "@session-archiver/adapter-sqlite";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { createArchiver } from "@session-archiver/core";
import { type AgentsCli, newAgents, put, UUIDS } from "./agents.js";
import { filesIn } from "./doctor.js";
import { flipByte } from "./flip-byte.js";
import { must } from "./planted.js";
import { transcript, writeFiles } from "./sessions.js";

/** Colours, a link, C1, a device string, overrides, tags, what has no width, and lines that would look like the program's own. */
export const HOSTILE =
  "h\u001b[38;5;199m\u001b]8;;x:\u0007\u009b2J\u0090q\u202e\u2066\u200b\u{e0041}\u034f\u3164\ufeff\u2028\r\nFORGED\tFORGED";
/** In no output: a line, or a cell, that begins with what was planted. */
export const FORGED = /(?:^|[\n\r\t])FORGED/;
const [A = "", B = "", C = ""] = UUIDS;

export const IDS = {
  live: `live/${HOSTILE}`,
  archived: `archived/${HOSTILE}`,
  damaged: `damaged/${HOSTILE}`,
  pruned: `pruned/${HOSTILE}`,
  /** Made by a host, with metadata of its own. */
  made: `made/${HOSTILE}`,
  /** Of an agent, with facts. */
  claude: `claude-code:${A}`,
  codex: `codex:${B}`,
} as const;

export async function newHostileHome(): Promise<AgentsCli> {
  const cli = await newAgents("--home", HOSTILE);
  const home = join(cli.folder, HOSTILE);
  const own = ["live", "archived", "damaged", "pruned"];
  await writeFiles(
    cli.folder,
    Object.fromEntries(own.map((name) => [`p/${name}/${HOSTILE}.jsonl`, transcript(20, undefined, name)])),
  );
  await must(cli, "import", "p");
  await must(cli, "archive", IDS.damaged, IDS.pruned);
  await must(cli, "prune", "--max-total-bytes", "0");
  await must(cli, "undo-prune", IDS.damaged);
  await must(cli, "archive", IDS.archived);
  await addMetadata(home);
  await addAgents(cli);
  await must(cli, "sweep", "--source", "claude-code,codex", "--yes");
  const damaged = (await filesIn(join(home, "archives"))).find((path) => /damaged.*\.gz$/s.test(path)) ?? "";
  await flipByte(damaged, 0.5);
  await writeFiles(home, { [`archives/${HOSTILE}/${HOSTILE}`]: "x", [`archives/records/${HOSTILE}`]: "{" });
  await mkdir(join(cli.folder, `folder ${HOSTILE}`));
  return cli;
}

async function addMetadata(home: string): Promise<void> {
  const store = await openSqlite(join(home, "sessions.db"));
  const archiver = createArchiver({ ...store, codec: zlibCodec() });
  await archiver.create(IDS.made, { [HOSTILE]: HOSTILE, title: HOSTILE, deep: { [HOSTILE]: [HOSTILE] } });
  await store.close();
}

/** Folders, working directories, branches, titles, models, tools and files of agents. */
async function addAgents({ claude, codex, folder }: AgentsCli): Promise<void> {
  const lines = (uuid: string): string =>
    `${Array.from({ length: 30 }, (_, i) => {
      const ids = { sessionId: uuid, uuid: `${uuid}-${i}`, parentUuid: i === 0 ? null : `${uuid}-${i - 1}` };
      const timestamp = new Date(Date.UTC(2026, 9, 1) + i * 1000).toISOString();
      const tool = { type: "tool_use", id: HOSTILE, name: HOSTILE, input: { [HOSTILE]: HOSTILE } };
      const content = [{ type: "text", text: HOSTILE }, tool];
      const isUser = i % 2 === 0;
      const message = isUser
        ? { role: "user", content: HOSTILE }
        : { role: "assistant", id: `m${i}`, model: HOSTILE, content };
      const place = { cwd: join(folder, `folder ${HOSTILE}`), gitBranch: HOSTILE, version: HOSTILE };
      return `${JSON.stringify({ type: isUser ? "user" : "assistant", ...ids, ...place, timestamp, message })}\n`;
    }).join("")}${JSON.stringify({ type: "custom-title", customTitle: HOSTILE, sessionId: uuid })}\n`;
  const project = join(claude, "projects", `-${HOSTILE}`);
  await put(join(project, `${A}.jsonl`), lines(A), 0o600, 10);
  await put(join(project, A, "tool-results", `${HOSTILE}.txt`), HOSTILE, 0o644, 10);
  await put(join(project, `${HOSTILE}.jsonl`), lines(C), 0o600, 10);
  await put(join(project, HOSTILE), HOSTILE, 0o600, 10);
  const payload = { id: B, cwd: join(folder, HOSTILE), cli_version: HOSTILE, git: { branch: HOSTILE } };
  const rollout = [
    { timestamp: "2026-10-01T10:00:00.000Z", type: "session_meta", payload },
    { timestamp: "2026-10-01T10:00:01.000Z", type: "turn_context", payload: { model: HOSTILE, cwd: HOSTILE } },
  ];
  const day = join(codex, "sessions", "2026", "10", "01");
  const text = rollout.map((line) => `${JSON.stringify(line)}\n`).join("");
  await put(join(day, `rollout-2026-10-01T10-00-00-${B}.jsonl`), text, 0o644, 10);
  await put(join(day, `rollout-${HOSTILE}.jsonl`), text, 0o644, 10);
  await writeFile(join(codex, HOSTILE), HOSTILE);
}
