/** One line of the transcript. */

import { type Entry, type ParsedLine, parseJson, printJson } from "@session-archiver/transcripts";
import { Braces } from "lucide";
import type { VNode } from "preact";
import { IconButton } from "../ui/button.tsx";
import { dateTime, number } from "../ui/format.ts";
import type { TranscriptLine } from "../worker/api.ts";
import { Block } from "./blocks/block.tsx";
import { Code } from "./blocks/code.tsx";
import { CutNote } from "./blocks/cut-note.tsx";
import { EventLine } from "./blocks/event-line.tsx";
import { FlawNote } from "./blocks/flaw-note.tsx";
import type { Lines } from "./lines.ts";
import { useRowState } from "./row-state.ts";

const ROLES = { user: "You", assistant: "Assistant", system: "System", tool: "Tool", event: "Record" } as const;
const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

export interface RowProps {
  readonly line: TranscriptLine;
  readonly parsed: ParsedLine;
  readonly continued: boolean;
  readonly lines: Lines;
  readonly lineCount: number;
  /** Loads all of this line, however long. */
  readonly readWhole: () => Promise<string>;
  /** Loads all of a line that was cut, and shows it here. */
  readonly loadWhole: () => Promise<void>;
}

const labelOf = (entry: Entry | undefined): string => entry?.label ?? ROLES[entry?.role ?? "event"];

function Entries({ entries, lines, index }: { entries: readonly Entry[]; lines: Lines; index: number }): VNode {
  return (
    <>
      {entries.flatMap(({ blocks }, i) =>
        blocks.map((block, j) => <Block key={`${i} ${j}`} block={block} calledBy={(id) => lines.call(id, index)} />),
      )}
    </>
  );
}

/** The line's own text, indented if it is JSON. */
function RawLine({
  line,
  readWhole,
}: {
  readonly line: TranscriptLine;
  readonly readWhole: () => Promise<string>;
}): VNode {
  const value = line.truncated ? undefined : parseJson(line.text);
  return (
    <Code
      text={value === undefined ? line.text : printJson(value)}
      language="json"
      copy={line.truncated ? readWhole : line.text}
    />
  );
}

export function Row({ line, parsed, continued, lines, lineCount, readWhole, loadWhole }: RowProps): VNode {
  const [raw, setRaw] = useRowState("raw", false);
  const first = parsed.entries[0];
  const label = labelOf(first);
  const [record] = first?.blocks ?? [];
  const isEvent = parsed.entries.length === 1 && first?.blocks.length === 1 && record?.type === "event";
  const time = first?.time ?? null;
  return (
    <article
      class={`row row-${first?.role ?? "event"}${continued ? " row-continued" : ""}`}
      tabIndex={-1}
      aria-posinset={line.index + 1}
      aria-setsize={lineCount}
      aria-label={`Line ${number(line.index + 1)}, ${label}`}
    >
      <div class="row-margin">
        <span class="row-role">{isEvent ? "" : label}</span>
        {time !== null && !isEvent && (
          <time
            class="row-time"
            dateTime={new Date(time).toISOString()}
            title={`${dateTime(time)} · line ${number(line.index + 1)}`}
          >
            {clock.format(time)}
          </time>
        )}
      </div>
      <div class="row-body">
        {isEvent ? (
          <EventLine event={record} time={time} open={raw} onToggle={() => setRaw(!raw)} />
        ) : (
          <Entries entries={parsed.entries} lines={lines} index={line.index} />
        )}
        <FlawNote flaw={parsed.flaw} />
        {line.truncated && <CutNote bytes={line.bytes} load={loadWhole} />}
        {raw && <RawLine line={line} readWhole={readWhole} />}
      </div>
      {!isEvent && (
        <div class="row-tools">
          <IconButton
            icon={Braces}
            label={raw ? "Hide the stored line" : `Show line ${number(line.index + 1)} as stored`}
            aria-expanded={raw}
            onClick={() => setRaw(!raw)}
          />
        </div>
      )}
    </article>
  );
}
