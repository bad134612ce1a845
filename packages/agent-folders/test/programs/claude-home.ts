/** Claude Code in a home of its own, with a model on loopback. */
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type FakeHome, newFakeHome, type Running } from "./fake-home.js";
import { appearance } from "./files.js";
import { startMessagesModel } from "./messages-server.js";
import type { ModelServer } from "./model-server.js";

export interface ClaudeHome extends Omit<FakeHome, "start"> {
  readonly model: ModelServer;
  /** `~/.claude`. */
  readonly config: string;
  /** `~/.claude/projects`. */
  readonly projects: string;
  /** One turn: `claude -p <words>`. Rejects unless it succeeds; gives the session's id. */
  ask(words: string, options?: Turn): Promise<string>;
  /** The same, without waiting for it and whatever becomes of it. */
  start(words: string, options?: Turn): Running;
  /** Lets the program's own clean-up run to its end, as it does once a day. */
  cleanUp(): Promise<void>;
  /** Paths of all transcripts below `projects`, without those of subagents; sorted. */
  transcripts(): Promise<readonly string[]>;
}

export interface Turn {
  /** More arguments, such as `--resume <id>`. */
  readonly args?: readonly string[];
  /** Another folder to start it in. */
  readonly cwd?: string;
}

/** Written when a clean-up is done. */
const LAST_CLEAN_UP = ".last-cleanup";
/** None of these is documented to be needed; without them the program asks other servers than the model's. */
const QUIET = {
  ...{ DISABLE_AUTOUPDATER: "1", DISABLE_TELEMETRY: "1", DISABLE_ERROR_REPORTING: "1" },
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
};

export async function newClaudeHome(claude: string): Promise<ClaudeHome> {
  const model = await startMessagesModel();
  const base = await newFakeHome({ ...QUIET, ANTHROPIC_BASE_URL: model.url, ANTHROPIC_API_KEY: "none" });
  const config = join(base.folder, ".claude");
  const projects = join(config, "projects");
  await mkdir(projects, { recursive: true });
  const start: ClaudeHome["start"] = (words, { args = [], cwd } = {}) => {
    const all = ["-p", words, "--output-format", "json", "--allowedTools", "Bash,Agent", ...args];
    return base.start(claude, all, cwd);
  };
  return {
    ...{ ...base, model, config, projects, start },
    async ask(words, options) {
      const { exitCode, stdout, stderr } = await start(words, options).ended;
      if (exitCode !== 0) throw new Error(`Claude Code ended with ${exitCode}: ${stdout}${stderr}`);
      return (JSON.parse(stdout) as { session_id: string }).session_id;
    },
    async cleanUp() {
      await rm(join(config, LAST_CLEAN_UP), { force: true });
      const done = appearance(config, LAST_CLEAN_UP);
      // It begins some seconds after the start, and is given up when the program ends: so the model is slow.
      const held = model.hold();
      const run = start("a long turn", { cwd: base.folder });
      const ended = run.ended.then(() => Promise.reject(new Error("Claude Code ended without a clean-up.")));
      await Promise.race([done, ended]);
      held.release();
      await run.ended;
    },
    async transcripts() {
      const names = await readdir(projects, { recursive: true });
      return names
        .filter((name) => /^[^./][^/]*\/[^/]+\.jsonl$/.test(name))
        .map((name) => join(projects, name))
        .sort();
    },
  };
}
