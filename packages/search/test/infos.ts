/** Sessions as a listing gives them. */
import type { Meta, SessionInfo } from "@session-archiver/core";

export const VALUES: Meta = {
  agent: "claude-code",
  id: "claude-code:s",
  cwd: "/home/me/app",
  branch: "fix/lamp",
  title: "Fix the lamp",
  models: ["claude-opus-4-5", "claude-haiku-4-5"],
  messages: { user: 2, assistant: 3 },
  usage: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
};

/** An archived session with these facts, or none for `null`. */
export function infoWith(values: unknown, more: Partial<SessionInfo> = {}): SessionInfo {
  const facts = values === null ? null : { by: "test", version: 1, values: values as Meta };
  const info: Partial<SessionInfo> = {
    id: "claude-code:s",
    state: "archived",
    rawBytes: 1000,
    startedAt: 100,
    lastActivityMs: 200,
    facts,
    ...more,
  };
  return info as SessionInfo;
}
