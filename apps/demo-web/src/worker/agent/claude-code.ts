/** Steps as the lines that Claude Code writes. */
import type { ToolUse } from "./script.ts";
import type { LineWriter } from "./writer.ts";

const CWD = "/home/dev/project";

export function claudeCodeWriter(): LineWriter {
  const sessionId = crypto.randomUUID();
  let parentUuid: string | null = null;
  const line = (type: "user" | "assistant", now: number, rest: object): string => {
    const uuid = crypto.randomUUID();
    const envelope = {
      parentUuid,
      isSidechain: false,
      userType: "external",
      cwd: CWD,
      sessionId,
      version: "2.1.4",
      gitBranch: "main",
      type,
      ...rest,
      uuid,
      timestamp: new Date(now).toISOString(),
    };
    parentUuid = uuid;
    return JSON.stringify(envelope);
  };
  const assistant = (now: number, content: object): string => {
    const usage = { input_tokens: 4, cache_read_input_tokens: 18_000, output_tokens: 120 };
    const message = { id: `msg_${hex()}`, type: "message", role: "assistant", model: "claude-sonnet-4-5" };
    return line("assistant", now, { message: { ...message, content: [content], stop_reason: null, usage } });
  };
  return {
    opening: () => [],
    lines(step, now) {
      if ("text" in step) {
        if (step.type === "assistant") return [assistant(now, { type: "text", text: step.text })];
        return [line("user", now, { message: { role: "user", content: step.text } })];
      }
      const id = `toolu_${hex()}`;
      const { name, input, output, isError } = toolCall(step);
      const result = { type: "tool_result", tool_use_id: id, content: output, is_error: isError };
      return [
        assistant(now, { type: "tool_use", id, name, input }),
        line("user", now, { message: { role: "user", content: [result] } }),
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
