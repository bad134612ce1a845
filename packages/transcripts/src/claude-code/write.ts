/** Writes lines as Claude Code does, without line ends. */
import type { Usage } from "../agent.js";

/** What every line of a session repeats. */
export interface ClaudeCodeSession {
  readonly sessionId: string;
  readonly cwd: string;
  /** Version of Claude Code. */
  readonly version: string;
  readonly gitBranch: string;
  readonly model: string;
}

/** What is different in each line. The writer adds the `uuid` of the line before. */
export interface ClaudeCodeStamp {
  readonly uuid: string;
  /** ISO 8601. */
  readonly timestamp: string;
}

export type ClaudeCodePart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "tool_use"; readonly id: string; readonly name: string; readonly input: object };

export interface ClaudeCodeAnswer {
  readonly id: string;
  readonly content: readonly ClaudeCodePart[];
  readonly usage: Usage;
}

export interface ClaudeCodeToolResult {
  /** The call's `id`. */
  readonly tool_use_id: string;
  readonly content: string;
  readonly is_error?: boolean;
}

export interface ClaudeCodeWriter {
  prompt(text: string, stamp: ClaudeCodeStamp): string;
  answer(answer: ClaudeCodeAnswer, stamp: ClaudeCodeStamp): string;
  toolResult(result: ClaudeCodeToolResult, stamp: ClaudeCodeStamp): string;
}

/** A name for the session that ends with the line `leafUuid`. */
export const claudeCodeSummary = (summary: string, leafUuid: string): string =>
  JSON.stringify({ type: "summary", summary, leafUuid });

export function claudeCodeWriter({ model, sessionId, cwd, version, gitBranch }: ClaudeCodeSession): ClaudeCodeWriter {
  let parentUuid: string | null = null;
  const line = (type: "user" | "assistant", { uuid, timestamp }: ClaudeCodeStamp, message: object): string => {
    const own = { isSidechain: false, userType: "external", cwd, sessionId, version, gitBranch };
    const text = JSON.stringify({ parentUuid, ...own, type, uuid, timestamp, message });
    parentUuid = uuid;
    return text;
  };
  return {
    prompt: (content, stamp) => line("user", stamp, { role: "user", content }),
    answer: ({ id, content, usage }, stamp) =>
      line("assistant", stamp, { id, role: "assistant", model, content, usage: usageOf(usage) }),
    toolResult: (result, stamp) => line("user", stamp, { role: "user", content: [{ type: "tool_result", ...result }] }),
  };
}

const usageOf = ({ input, output, cacheRead, cacheWrite }: Usage): object => ({
  input_tokens: input,
  cache_read_input_tokens: cacheRead,
  ...(cacheWrite > 0 ? { cache_creation_input_tokens: cacheWrite } : {}),
  output_tokens: output,
});
