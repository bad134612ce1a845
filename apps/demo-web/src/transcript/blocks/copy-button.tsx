import { Check, Copy, X } from "lucide";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { IconButton } from "../../ui/button.tsx";

interface CopyButtonProps {
  /** Names what is copied: "Copy code". */
  readonly label: string;
  readonly text: string | (() => Promise<string>);
}

const SHOWN_MS = 1600;

export function CopyButton({ label, text }: CopyButtonProps): VNode {
  const [outcome, setOutcome] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (outcome === null) return;
    const timer = setTimeout(() => setOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [outcome]);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : await text());
      setOutcome("copied");
    } catch {
      setOutcome("failed");
    }
  };
  return (
    <span class="copy">
      <IconButton
        icon={outcome === null ? Copy : outcome === "copied" ? Check : X}
        label={outcome === null ? label : outcome === "copied" ? "Copied" : "Copying was refused"}
        onClick={copy}
      />
      <span class="visually-hidden" role="status">
        {outcome === "copied" ? "Copied" : outcome === "failed" ? "Copying was refused by the browser" : ""}
      </span>
    </span>
  );
}
