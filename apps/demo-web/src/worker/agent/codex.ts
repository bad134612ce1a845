/** Turns steps into lines as Codex writes them. */
import {
  codexHead,
  codexMessage,
  codexPatchCall,
  codexPatchOutput,
  codexShellCall,
  codexShellOutput,
} from "@session-archiver/transcripts";
import type { LineWriter } from "./line-writer.ts";
import type { ToolUse } from "./steps.ts";

const CWD = "/home/dev/project";
const SECONDS = 0.4;

export function codexWriter(): LineWriter {
  return {
    opening(now) {
      const id = crypto.randomUUID();
      return [codexHead({ id, cwd: CWD, originator: "codex_cli", cli_version: "0.99.0" }, timeAt(now))];
    },
    lines(step, now) {
      const time = timeAt(now);
      if ("text" in step) return [codexMessage(step.type, step.text, time)];
      const callId = `call_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
      if (step.type === "edit") {
        const output = { output: "Success.\n", exitCode: 0, seconds: SECONDS };
        return [codexPatchCall(callId, patch(step), time), codexPatchOutput(callId, output, time)];
      }
      const script = step.type === "run" ? step.command : `sed -n '1,200p' ${step.path}`;
      const exitCode = step.type === "run" ? (step.exitCode ?? 0) : 0;
      return [
        codexShellCall(callId, script, CWD, time),
        codexShellOutput(callId, { output: step.output, exitCode, seconds: SECONDS }, time),
      ];
    },
  };
}

const timeAt = (now: number): string => new Date(now).toISOString();

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
