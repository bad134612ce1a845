/** Agents that write, one append at a time, whatever happens to their sessions. */
import type { Recorder } from "@session-archiver/core";
import { type Output, outputIn } from "../output.js";
import type { ChildSession } from "../protocol.js";
import type { RoleContext, RoleOf } from "./role.js";

export interface Agent {
  readonly id: string;
  /** The next part of its output. */
  append(): Promise<void>;
}

export function agentOf(context: RoleContext, { id, output, end }: ChildSession): Agent {
  const { archiver, note, work } = context;
  const recorder: Recorder = archiver.recorder(id, { create: { view: "agent" }, statsEveryMs: 50 });
  let source: Output | undefined;
  let at = end;
  return {
    id,
    async append() {
      source ??= outputIn(output);
      const bytes = pieceLength(context, at);
      const piece = source.bytes(at, at + bytes);
      note({ note: "begin", id, operation: { kind: "append", bytes } });
      await work(`append ${id}`, [], () => recorder.append(piece));
      at += bytes;
      note({ note: "done", id });
    },
  };
}

/** Beyond this size, appends are small, because every check reads everything. */
const LARGE_SESSION = 150_000;

/** Mostly a few lines, sometimes a large tool result; the first time half a session. */
function pieceLength({ random }: RoleContext, at: number): number {
  if (at === 0) return 1 + random.below(random.chance(0.08) ? 3_000_000 : 100_000);
  return 1 + random.below(random.pick(at > LARGE_SESSION ? [300, 900] : [300, 300, 300, 3_000, 3_000, 20_000, 90_000]));
}

export const appender: RoleOf = async (context) => {
  const agents = context.sessions.map((session) => agentOf(context, session));
  for (;;) await context.random.pick(agents).append();
};
