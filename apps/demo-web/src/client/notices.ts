/** Notices that report success for a few seconds. Failures are shown where they happened, not here. */
import { signal } from "@preact/signals";

export interface Notice {
  readonly key: number;
  readonly text: string;
}

const SHOWN_MS = 5000;
let lastKey = 0;

export const notices = signal<readonly Notice[]>([]);

export function notify(text: string): void {
  const key = ++lastKey;
  notices.value = [...notices.value.slice(-2), { key, text }];
  setTimeout(() => dismissNotice(key), SHOWN_MS);
}

export function dismissNotice(key: number): void {
  notices.value = notices.value.filter((notice) => notice.key !== key);
}
