/** The plan's steps, grouped by action; virtual, since a plan may list thousands of sessions. */
import { Check, ChevronDown } from "lucide";
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { now } from "../client/now.ts";
import { projectName } from "../client/row-words.ts";
import { sessions } from "../client/sessions.ts";
import { bytes } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { useVirtual } from "../ui/use-virtual.ts";
import type { PlanRow, SessionRow } from "../worker/api.ts";
import { stepReason } from "./step-reason.ts";

type Action = PlanRow["action"];

const GROUPS: readonly (readonly [Action, string])[] = [
  ["purge", "To purge"],
  ["prune", "To prune"],
  ["archive", "To archive"],
  ["settle", "To finish"],
  ["skip", "Left alone"],
];

type Entry = { readonly action: Action; readonly title: string; readonly count: number } | { readonly step: PlanRow };

const HEAD_PX = 44;
const STEP_PX = 52;

export function PlanList({ steps }: { readonly steps: readonly PlanRow[] }): VNode | null {
  const [folded, setFolded] = useState<ReadonlySet<Action>>(new Set<Action>(["skip"]));
  const scroller = useRef<HTMLDivElement>(null);
  const entries = entriesOf(steps, folded);
  const { items, totalSize } = useVirtual({
    count: entries.length,
    scrollRef: scroller,
    estimateSize: (index) => (entries[index] && "step" in entries[index] ? STEP_PX : HEAD_PX),
    getItemKey: (index) => keyOf(entries[index]),
  });
  const toggle = (action: Action): void => {
    const next = new Set(folded);
    if (!next.delete(action)) next.add(action);
    setFolded(next);
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: an element that scrolls must be reachable by keyboard
    <section class="plan-list" ref={scroller} tabIndex={0} aria-label="Sessions in the plan">
      <div class="plan-list-inner" style={{ height: `${totalSize}px` }}>
        {items.map(({ index, start, size }) => {
          const entry = entries[index];
          if (!entry) return null;
          const style = { transform: `translateY(${start}px)`, height: `${size}px` };
          if ("step" in entry) return <Step key={entry.step.id + entry.step.action} step={entry.step} style={style} />;
          const isFolded = folded.has(entry.action);
          return (
            <h3 key={entry.action} class="plan-head" style={style}>
              <button type="button" aria-expanded={!isFolded} onClick={() => toggle(entry.action)}>
                <Icon icon={ChevronDown} />
                {entry.title} <span class="plan-count tabular">{entry.count}</span>
              </button>
            </h3>
          );
        })}
      </div>
    </section>
  );
}

function Step({ step, style }: { readonly step: PlanRow; readonly style: Record<string, string> }): VNode {
  const row = sessions.value.get(step.id);
  const isDone = isStepDone(step, row);
  return (
    <div class="plan-step" style={style} data-done={isDone || undefined}>
      <div class="plan-step-text">
        <p class="truncate" title={step.title}>
          {step.title}
        </p>
        <p class="hint truncate">
          {[row && projectName(row), isDone ? "Done" : stepReason(step, row, now.value)].filter(Boolean).join(" · ")}
        </p>
      </div>
      {isDone && (
        <span class="plan-check">
          <Icon icon={Check} />
        </span>
      )}
      {step.action !== "skip" && <span class="tabular">{bytes(step.bytes)}</span>}
    </div>
  );
}

/** While a sweep runs, its plan is ticked off. */
function isStepDone({ action }: PlanRow, row: SessionRow | undefined): boolean {
  return (action === "archive" && row?.state === "archived") || (action === "prune" && row?.state === "pruned");
}

function entriesOf(steps: readonly PlanRow[], folded: ReadonlySet<Action>): readonly Entry[] {
  return GROUPS.flatMap(([action, title]): Entry[] => {
    const own = steps.filter((step) => step.action === action);
    if (own.length === 0) return [];
    const head = { action, title, count: own.length };
    return folded.has(action) ? [head] : [head, ...own.map((step) => ({ step }))];
  });
}

function keyOf(entry: Entry | undefined): string {
  if (entry === undefined) return "";
  return "step" in entry ? `${entry.step.action} ${entry.step.id}` : entry.action;
}
