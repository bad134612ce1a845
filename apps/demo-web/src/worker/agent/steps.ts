/** The steps of a simulated agent's task. */

export interface Say {
  readonly type: "user" | "assistant";
  readonly text: string;
}

export type ToolUse =
  | { readonly type: "run"; readonly command: string; readonly output: string; readonly exitCode?: number }
  | { readonly type: "read"; readonly path: string; readonly output: string }
  | { readonly type: "edit"; readonly path: string; readonly before: string; readonly after: string };

export type Step = Say | ToolUse;
