/** One block of an entry. */

import { type Block as BlockModel, printJson, words } from "@session-archiver/transcripts";
import type { VNode } from "preact";
import { counted } from "../../ui/format.ts";
import { countLines } from "../clip.ts";
import type { CalledTool } from "../lines.ts";
import { nameOf } from "../row-state.ts";
import { Code } from "./code.tsx";
import { Diff } from "./diff.tsx";
import { Fold } from "./fold.tsx";
import { Image } from "./image.tsx";
import { Prose } from "./prose.tsx";
import { Todos } from "./todos.tsx";
// biome-ignore lint/suspicious/noImportCycles: a result holds blocks
import { Call, Result } from "./tool.tsx";

interface BlockProps {
  readonly block: BlockModel;
  /** The call that a result belongs to, once it has been read. */
  readonly calledBy?: (id: string) => CalledTool | undefined;
}

export function Block({ block, calledBy }: BlockProps): VNode | null {
  switch (block.type) {
    case "text":
      return <Prose text={block.text} />;
    case "thinking":
      return block.text.trim() === "" ? (
        <p class="quiet">Thinking, not recorded</p>
      ) : (
        <Fold name={nameOf("thinking", block.text)} look="thinking" head={<span>Thinking</span>} open>
          <Prose text={block.text} />
        </Fold>
      );
    case "context":
      return (
        <Fold
          name={nameOf("context", block.text)}
          look="context"
          head={
            <>
              <span>{words(block.name)}</span>
              <span class="tool-note">{counted(countLines(block.text, 100_000), "line")}</span>
            </>
          }
        >
          <Code text={block.text} look="output" />
        </Fold>
      );
    case "output":
      return <Code text={block.text.replace(/\n+$/, "")} look={block.stream} />;
    case "code":
      return <Code text={block.text.replace(/\n+$/, "")} language={block.language} />;
    case "diff":
      return <Diff diff={block} />;
    case "image":
      return <Image image={block} />;
    case "todos":
      return <Todos todos={block} />;
    case "json":
      return <Code text={printJson(block.value)} language="json" />;
    case "call":
      return <Call call={block} />;
    case "result":
      return <Result result={block} called={block.callId === null ? undefined : calledBy?.(block.callId)} />;
    case "raw":
      return <Code text={block.text} look="output" />;
    case "event":
      return null;
  }
}
