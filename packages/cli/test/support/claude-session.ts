/** Records as Claude Code writes them, a minute apart. */
let made = 0;

interface Envelope {
  readonly [key: string]: unknown;
}

export function record(more: Envelope): Envelope {
  const minute = String(made++ % 60).padStart(2, "0");
  return {
    parentUuid: null,
    isSidechain: false,
    userType: "external",
    cwd: "/w/app",
    sessionId: "c1",
    version: "2.1.4",
    gitBranch: "main",
    uuid: `u${made}`,
    timestamp: `2026-01-05T10:${minute}:00.000Z`,
    ...more,
  };
}

export const asked = (content: unknown, more: Envelope = {}): Envelope =>
  record({ type: "user", message: { role: "user", content }, ...more });

export const answered = (content: string | readonly unknown[], more: Envelope = {}): Envelope =>
  record({
    type: "assistant",
    message: {
      role: "assistant",
      model: "claude-opus",
      content: typeof content === "string" ? [{ type: "text", text: content }] : content,
    },
    ...more,
  });

export const called = (id: string, name: string, input: unknown): Envelope =>
  answered([{ type: "tool_use", id, name, input }]);

export const returned = (id: string, content: unknown, more: Envelope = {}): Envelope =>
  asked([{ type: "tool_result", tool_use_id: id, content, ...more }]);
