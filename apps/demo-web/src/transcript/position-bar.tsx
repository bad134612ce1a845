/** Shows where the reader is, and goes to other lines. */
import { ArrowDownToLine, ArrowUpToLine, ListCollapse } from "lucide";
import type { VNode } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { IconButton } from "../ui/button.tsx";
import { dateTime, number } from "../ui/format.ts";
import { lineFromInput } from "./line-input.ts";

interface PositionBarProps {
  /** Lines in view, from 0. */
  readonly first: number;
  readonly last: number;
  readonly lineCount: number;
  readonly atEnd: boolean;
  readonly time: number | null;
  readonly showsEvents: boolean;
  readonly onShowEvents: (shown: boolean) => void;
  readonly onGoTo: (index: number) => void;
  readonly onEnd: () => void;
}

function GoToLine({ lineCount, onGoTo }: Pick<PositionBarProps, "lineCount" | "onGoTo">): VNode {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [wrong, setWrong] = useState(false);
  const submit = (event: Event): void => {
    event.preventDefault();
    const index = lineFromInput(input.current?.value ?? "", lineCount);
    setWrong(index === null);
    if (index === null) return;
    if (input.current) input.current.value = "";
    onGoTo(index);
  };
  return (
    <form class="go-to" onSubmit={submit} noValidate>
      <label for={id}>Go to line</label>
      <input
        ref={input}
        id={id}
        inputMode="numeric"
        autoComplete="off"
        placeholder="number"
        size={8}
        aria-invalid={wrong}
        onInput={() => setWrong(false)}
      />
      {wrong && (
        <span class="go-to-wrong" role="alert">
          1 to {number(lineCount)}
        </span>
      )}
    </form>
  );
}

export function PositionBar(props: PositionBarProps): VNode {
  const { first, last, lineCount, atEnd, time, showsEvents, onShowEvents, onGoTo, onEnd } = props;
  return (
    <div class="position">
      <p class="position-text">
        <span class="tabular">
          <span class="position-word">Line </span>
          {number(Math.min((atEnd ? last : first) + 1, lineCount))} of {number(lineCount)}
        </span>
        {time !== null && <span class="position-time tabular">{dateTime(time)}</span>}
      </p>
      <GoToLine lineCount={lineCount} onGoTo={onGoTo} />
      <IconButton
        icon={ListCollapse}
        label="Fold events"
        aria-pressed={!showsEvents}
        onClick={() => onShowEvents(!showsEvents)}
      />
      <IconButton icon={ArrowUpToLine} label="Go to the start" disabled={first === 0} onClick={() => onGoTo(0)} />
      <IconButton icon={ArrowDownToLine} label="Go to the end" disabled={atEnd} onClick={onEnd} />
    </div>
  );
}
