/** Turns steps into lines as Claude Code writes them. */
import { type ClaudeCodePart, claudeCodeWriter as writerOf } from "@session-archiver/transcripts";
import type { LineWriter } from "./line-writer.ts";
import type { ToolUse } from "./steps.ts";

const CWD = "/home/dev/project";
const USAGE = { input: 4, output: 120, cacheRead: 18_000, cacheWrite: 0 };

export function claudeCodeWriter(): LineWriter {
  const writer = writerOf({
    sessionId: crypto.randomUUID(),
    cwd: CWD,
    version: "2.1.4",
    gitBranch: "main",
    model: "claude-sonnet-4-5",
  });
  const stamp = (now: number): { readonly uuid: string; readonly timestamp: string } => ({
    uuid: crypto.randomUUID(),
    timestamp: new Date(now).toISOString(),
  });
  const answer = (now: number, part: ClaudeCodePart): string =>
    writer.answer({ id: `msg_${hex()}`, content: [part], usage: USAGE }, stamp(now));
  return {
    opening: () => [],
    lines(step, now) {
      if ("text" in step) {
        if (step.type === "assistant") return [answer(now, { type: "text", text: step.text })];
        return [writer.prompt(step.text, stamp(now))];
      }
      const id = `toolu_${hex()}`;
      const { name, input, output, isError } = toolCall(step);
      return [
        answer(now, { type: "tool_use", id, name, input }),
        writer.toolResult({ tool_use_id: id, content: output, is_error: isError }, stamp(now)),
      ];
    },
  };
}

function toolCall(step: ToolUse): {
  readonly name: string;
  readonly input: object;
  readonly output: string;
  readonly isError: boolean;
} {
  if (step.type === "run") {
    return { name: "Bash", input: { command: step.command }, output: step.output, isError: (step.exitCode ?? 0) !== 0 };
  }
  const file_path = `${CWD}/${step.path}`;
  if (step.type === "read") return { name: "Read", input: { file_path }, output: step.output, isError: false };
  const isNew = step.before === "";
  const edit = { file_path, old_string: step.before, new_string: step.after };
  return {
    name: isNew ? "Write" : "Edit",
    input: isNew ? { file_path, content: step.after } : edit,
    output: `The file ${file_path} has been ${isNew ? "created" : "updated"}.`,
    isError: false,
  };
}

function hex(): string {
  return crypto.randomUUID().replaceAll("-", "").slice(0, 24);
}
