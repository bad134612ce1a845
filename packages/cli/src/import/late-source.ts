/** Opens sessions' sources; loads late what that takes, as it is seldom needed. */
import type { OpenSource } from "@session-archiver/core";

export const openLate: OpenSource = async (_id, meta, { signal }) =>
  (await import("./open-source.js")).openSource(meta, signal);
