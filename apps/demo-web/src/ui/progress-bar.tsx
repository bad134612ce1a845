/** Shows progress; without a fraction, only that work is going on. */
import type { VNode } from "preact";

interface ProgressBarProps {
  readonly label: string;
  /** 0 to 1. */
  readonly fraction: number | undefined;
}

export function ProgressBar({ label, fraction }: ProgressBarProps): VNode {
  const percent = fraction === undefined ? undefined : Math.round(fraction * 100);
  return (
    <div
      class="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      data-indeterminate={percent === undefined || undefined}
    >
      <div class="progress-fill" style={percent === undefined ? undefined : { width: `${percent}%` }} />
    </div>
  );
}
