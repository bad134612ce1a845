/** The current time for ages such as "3 days ago"; updated once a minute. */
import { signal } from "@preact/signals";

export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 60_000);
