/** The page's settings as core's sweep options. */
import type { SweepSettings } from "../api.ts";

export function sweepOptions({ inactiveDays, maxTotalBytes }: SweepSettings): {
  readonly inactiveDays: number;
  readonly maxTotalBytes: number;
} {
  return { inactiveDays, maxTotalBytes: maxTotalBytes ?? Number.POSITIVE_INFINITY };
}
