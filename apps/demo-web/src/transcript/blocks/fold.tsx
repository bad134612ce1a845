/** One line that opens to more. */
import { ChevronRight } from "lucide";
import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { useRowState } from "../row-state.ts";

interface FoldProps {
  /** Must be the same each time the row is drawn. */
  readonly name: string;
  readonly look: string;
  readonly head: ComponentChildren;
  readonly open?: boolean;
  readonly children?: ComponentChildren;
}

/** Without children it is a plain line. */
export function Fold({ name, look, head, open: initially = false, children }: FoldProps): VNode {
  const [open, setOpen] = useRowState(`fold ${name}`, initially);
  const id = useId();
  if (children === undefined) return <div class={`fold fold-${look} fold-line`}>{head}</div>;
  return (
    <div class={`fold fold-${look}`}>
      <button
        type="button"
        class="fold-head"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => setOpen(!open)}
      >
        <Icon icon={ChevronRight} size={14} />
        {head}
      </button>
      {open && (
        <div id={id} class="fold-body">
          {children}
        </div>
      )}
    </div>
  );
}
