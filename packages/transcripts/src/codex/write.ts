/** Writes lines as Codex does, without line ends. `timestamp`: ISO 8601. */
import type { Usage } from "../agent.js";

export interface CodexSession {
  readonly id: string;
  readonly cwd: string;
  readonly originator: string;
  /** Version of Codex. */
  readonly cli_version: string;
}

export interface CodexOutput {
  readonly output: string;
  readonly exitCode: number;
  readonly seconds?: number;
}

const line = (timestamp: string, type: string, payload: object): string => JSON.stringify({ timestamp, type, payload });
const item = (timestamp: string, payload: object): string => line(timestamp, "response_item", payload);

/** The session's first line. */
export const codexHead = (session: CodexSession, timestamp: string): string => line(timestamp, "session_meta", session);

export const codexMessage = (role: "user" | "assistant", text: string, timestamp: string): string =>
  item(timestamp, {
    type: "message",
    role,
    content: [{ type: role === "user" ? "input_text" : "output_text", text }],
  });

/** A shell command. */
export function codexShellCall(call_id: string, script: string, workdir: string, timestamp: string): string {
  const command = { command: ["bash", "-lc", script], workdir };
  return item(timestamp, { type: "function_call", name: "shell", arguments: JSON.stringify(command), call_id });
}

export const codexShellOutput = (call_id: string, output: CodexOutput, timestamp: string): string =>
  item(timestamp, { type: "function_call_output", call_id, output: printed(output) });

/** `patch`: in Codex's own form, starting with `*** Begin Patch`. */
export const codexPatchCall = (call_id: string, patch: string, timestamp: string): string =>
  item(timestamp, { type: "custom_tool_call", status: "completed", call_id, name: "apply_patch", input: patch });

export const codexPatchOutput = (call_id: string, output: CodexOutput, timestamp: string): string =>
  item(timestamp, { type: "custom_tool_call_output", call_id, output: printed(output) });

/** The tokens of the session so far. */
export const codexTokens = ({ input, output, cacheRead }: Usage, timestamp: string): string =>
  line(timestamp, "event_msg", {
    type: "token_count",
    info: {
      total_token_usage: {
        input_tokens: input + cacheRead,
        cached_input_tokens: cacheRead,
        output_tokens: output,
        total_tokens: input + cacheRead + output,
      },
    },
  });

const printed = ({ output, exitCode, seconds }: CodexOutput): string =>
  JSON.stringify({ output, metadata: { exit_code: exitCode, duration_seconds: seconds } });
