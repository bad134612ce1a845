/** Steps as the lines that Codex writes. */
import type { ToolUse } from "./script.ts";
import type { LineWriter } from "./writer.ts";

const CWD = "/home/dev/project";

export function codexWriter(): LineWriter {
  const line = (now: number, type: string, payload: object): string =>
    JSON.stringify({ timestamp: new Date(now).toISOString(), type, payload });
  const item = (now: number, payload: object): string => line(now, "response_item", payload);
  const message = (now: number, role: "user" | "assistant", text: string): string =>
    item(now, { type: "message", role, content: [{ type: role === "user" ? "input_text" : "output_text", text }] });
  return {
    opening(now) {
      const id = crypto.randomUUID();
      return [line(now, "session_meta", { id, cwd: CWD, originator: "codex_cli", cli_version: "0.99.0" })];
    },
    lines(step, now) {
      if ("text" in step) return [message(now, step.type, step.text)];
      const call_id = `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
      if (step.type === "edit") {
        return [
          item(now, {
            type: "custom_tool_call",
            status: "completed",
            call_id,
            name: "apply_patch",
            input: patch(step),
          }),
          item(now, { type: "custom_tool_call_output", call_id, output: answer("Success.\n", 0) }),
        ];
      }
      const script = step.type === "run" ? step.command : `sed -n '1,200p' ${step.path}`;
      const args = JSON.stringify({ command: ["bash", "-lc", script], workdir: CWD });
      const exitCode = step.type === "run" ? (step.exitCode ?? 0) : 0;
      return [
        item(now, { type: "function_call", name: "shell", arguments: args, call_id }),
        item(now, { type: "function_call_output", call_id, output: answer(step.output, exitCode) }),
      ];
    },
  };
}

function answer(output: string, exit_code: number): string {
  return JSON.stringify({ output, metadata: { exit_code, duration_seconds: 0.4 } });
}

function patch({ path, before, after }: Extract<ToolUse, { readonly type: "edit" }>): string {
  const marked = (text: string, sign: string): string =>
    text
      .split("\n")
      .slice(0, -1)
      .map((row) => `${sign}${row}\n`)
      .join("");
  const head = before === "" ? `*** Add File: ${path}\n` : `*** Update File: ${path}\n@@\n`;
  return `*** Begin Patch\n${head}${marked(before, "-")}${marked(after, "+")}*** End Patch\n`;
}
