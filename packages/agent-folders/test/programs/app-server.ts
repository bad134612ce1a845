/** `codex app-server`: what a client of Codex asks of it, as JSON-RPC over stdio. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { FakeHome } from "./fake-home.js";

export interface AppServer {
  /** Rejects with the server's message if it answers with an error. */
  readonly call: <T>(method: string, params: unknown) => Promise<T>;
  /** The parameters of the next notification of this method. */
  readonly notified: (method: string) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

export async function startAppServer(codex: string, { work, env }: FakeHome): Promise<AppServer> {
  const child = spawn(codex, ["app-server"], { cwd: work, env, stdio: ["pipe", "pipe", "ignore"] });
  const exit = once(child, "exit");
  const calls = new Map<number, PromiseWithResolvers<unknown>>();
  const waiting = new Map<string, PromiseWithResolvers<unknown>>();
  const send = (message: unknown): void => void child.stdin.write(`${JSON.stringify(message)}\n`);
  createInterface({ input: child.stdout }).on("line", (line) => {
    const { id, method, params, result, error } = JSON.parse(line) as Message;
    if (method !== undefined) waiting.get(method)?.resolve(params);
    else if (error) calls.get(id ?? 0)?.reject(new Error(error.message));
    else calls.get(id ?? 0)?.resolve(result);
  });
  void exit.then(() => {
    for (const { reject } of [...calls.values(), ...waiting.values()]) reject(new Error("codex app-server has ended"));
  });
  const call = <T>(method: string, params: unknown): Promise<T> => {
    const id = calls.size + 1;
    const answer = Promise.withResolvers<unknown>();
    calls.set(id, answer);
    send({ id, method, params });
    return answer.promise as Promise<T>;
  };
  const capabilities = { experimentalApi: true };
  await call("initialize", { clientInfo: { name: "session-archiver-test", version: "0" }, capabilities });
  send({ method: "initialized" });
  return {
    call,
    notified(method) {
      const notification = Promise.withResolvers<unknown>();
      waiting.set(method, notification);
      return notification.promise;
    },
    async close() {
      child.stdin.end();
      await exit;
    },
  };
}
