/** A tool's call and its result. */

import type { CallBlock, Detail, ResultBlock } from "@session-archiver/transcripts";
import type { VNode } from "preact";
import { counted } from "../../ui/format.ts";
import { countLines } from "../clip.ts";
import type { CalledTool } from "../lines.ts";
// biome-ignore lint/suspicious/noImportCycles: a result holds blocks
import { Block } from "./block.tsx";
import { Fold } from "./fold.tsx";

const details = (body: readonly Detail[]): VNode[] => body.map((detail, i) => <Block key={i} block={detail} />);

/** Changes and plans start open; for other tools the summary line is enough. */
const isTelling = ({ type }: Detail): boolean => type === "diff" || type === "todos";

export function Call({ call }: { readonly call: CallBlock }): VNode {
  return (
    <Fold
      name={`call ${call.id ?? call.name} ${call.summary}`}
      look="call"
      open={call.body.some(isTelling)}
      head={
        <>
          <span class="tool-name">{call.name}</span>
          <span class="tool-summary">{call.summary}</span>
        </>
      }
    >
      {call.body.length > 0 ? details(call.body) : undefined}
    </Fold>
  );
}

/** Contents of read files, and changes that the call shows already, start closed. */
const isQuiet = ({ type }: Detail): boolean => type === "code" || type === "diff";

function sizeOf(body: readonly Detail[]): string {
  const lines = body.reduce((sum, detail) => sum + ("text" in detail ? countLines(detail.text, 100_000) : 0), 0);
  return lines > 1 ? counted(lines, "line") : "";
}

interface ResultProps {
  readonly result: ResultBlock;
  readonly called: CalledTool | undefined;
}

export function Result({ result, called }: ResultProps): VNode {
  const { failed, body } = result;
  const note = [failed && result.note === "" ? "failed" : result.note, sizeOf(body)].filter((part) => part !== "");
  return (
    <Fold
      name={`result ${result.callId ?? ""}`}
      look={failed ? "failed" : "result"}
      open={!body.some(isQuiet)}
      head={
        <>
          <span class="tool-name">{(called?.isNear ? null : called?.name) ?? result.name ?? "Result"}</span>
          {called && !called.isNear && <span class="tool-summary">{called.summary}</span>}
          <span class="tool-note">{body.length === 0 && note.length === 0 ? "no output" : note.join(" · ")}</span>
        </>
      }
    >
      {body.length > 0 ? details(body) : undefined}
    </Fold>
  );
}
