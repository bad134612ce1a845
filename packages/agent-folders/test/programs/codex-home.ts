/** Codex in a home of its own, with a model on loopback. Its databases hold absolute paths: a home is never copied. */
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type AppServer, startAppServer } from "./app-server.js";
import { type FakeHome, newFakeHome, type Running } from "./fake-home.js";
import type { ModelServer } from "./model-server.js";
import { startResponsesModel } from "./responses-server.js";

export interface CodexHome extends Omit<FakeHome, "start"> {
  readonly model: ModelServer;
  /** `~/.codex`. */
  readonly config: string;
  /** `~/.codex/sessions`. */
  readonly sessions: string;
  /** A new thread: `codex exec <words>`. Rejects unless it succeeds; gives the thread's id. */
  ask(words: string): Promise<string>;
  /** One more turn of a thread, or of a fork of it. Gives the id of the thread in which it was. */
  resume(id: string, words: string): Promise<string>;
  fork(id: string, words: string): Promise<string>;
  /** Takes back all turns but the first `kept` ones. */
  revert(id: string, kept: number): Promise<void>;
  /** Starts `codex <args>`, without waiting for it and whatever becomes of it. */
  start(...args: string[]): Running;
  /** Works through `codex app-server`, which ends with the work. */
  withServer<T>(work: (server: AppServer) => Promise<T>): Promise<T>;
  /** Ids that `thread/list` gives, sorted. */
  listed(): Promise<readonly string[]>;
  /** Paths of the rollouts below `sessions`, sorted. */
  rollouts(): Promise<readonly string[]>;
  /** Removes what Codex builds again from its rollouts. */
  removeDatabases(): Promise<void>;
}

/** A thread that was begun by `codex exec` is only listed if this is asked for. */
const SOURCES = ["exec", "cli", "vscode", "appServer", "subAgent"];

export async function newCodexHome(codex: string): Promise<CodexHome> {
  const model = await startResponsesModel();
  const base = await newFakeHome({});
  const config = join(base.folder, ".codex");
  const sessions = join(config, "sessions");
  await mkdir(sessions, { recursive: true });
  await writeFile(join(config, "config.toml"), configOf(model.url));
  const start = (...args: string[]): Running => base.start(codex, args);
  const exec = async (...args: string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await start("exec", ...args).ended;
    if (exitCode !== 0) throw new Error(`Codex ended with ${exitCode}: ${stdout}${stderr}`);
    const [, id] = /"thread\.started","thread_id":"([^"]+)"/.exec(stdout) ?? [];
    if (id === undefined) throw new Error(`Codex named no thread: ${stdout}`);
    return id;
  };
  const options = ["--skip-git-repo-check", "--json"];
  const withServer: CodexHome["withServer"] = async (work) => {
    const server = await startAppServer(codex, base);
    try {
      return await work(server);
    } finally {
      await server.close();
    }
  };
  return {
    ...{ ...base, model, config, sessions, start, withServer },
    ask: (words) => exec(...options, words),
    resume: (id, words) => exec("resume", ...options, id, words),
    fork: (id, words) => exec("fork", ...options, id, words),
    revert: (id, kept) =>
      withServer(async ({ call }) => {
        const { thread } = await call<Thread>("thread/read", { threadId: id, includeTurns: true });
        await call("thread/resume", { threadId: id });
        await call("thread/revert", { threadId: id, beforeTurnId: thread.turns[kept]?.id });
      }),
    async listed() {
      const list = await withServer(({ call }) => call<Threads>("thread/list", { sourceKinds: SOURCES }));
      return list.data.map(({ id }) => id).sort();
    },
    async rollouts() {
      const names = await readdir(sessions, { recursive: true });
      return names
        .filter((name) => /^\d{4}\/.*\.jsonl$/.test(name))
        .map((name) => join(sessions, name))
        .sort();
    },
    async removeDatabases() {
      for (const name of await readdir(config)) if (name.includes(".sqlite")) await rm(join(config, name));
    },
  };
}

interface Thread {
  readonly thread: { readonly turns: readonly { readonly id: string }[] };
}

interface Threads {
  readonly data: readonly { readonly id: string }[];
}

function configOf(url: string): string {
  return `model = "stub"
model_provider = "stub"
approval_policy = "never"
sandbox_mode = "danger-full-access"
check_for_update_on_startup = false

[model_providers.stub]
name = "stub"
base_url = "${url}/v1"
wire_api = "responses"

[analytics]
enabled = false
`;
}
