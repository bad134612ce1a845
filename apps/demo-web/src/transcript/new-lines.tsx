/** Announces lines that were added while the reader was elsewhere. */
import { ArrowDown } from "lucide";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { counted } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";

interface NewLinesProps {
  readonly lineCount: number;
  readonly atEnd: boolean;
  readonly onShow: () => void;
}

export function NewLines({ lineCount, atEnd, onShow }: NewLinesProps): VNode {
  /** The number of lines when the reader last saw the end. */
  const [seen, setSeen] = useState(lineCount);
  useEffect(() => {
    if (atEnd) setSeen(lineCount);
  }, [atEnd, lineCount]);
  const fresh = atEnd ? 0 : Math.max(0, lineCount - seen);
  return (
    <div class="new-lines">
      {fresh > 0 && (
        <button type="button" class="new-lines-button" onClick={onShow}>
          <Icon icon={ArrowDown} size={14} />
          {counted(fresh, "new line")}
        </button>
      )}
    </div>
  );
}
