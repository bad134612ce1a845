/** Threads as an older release leaves them: records without an ordinal behind records with one. */
import { headLine, record } from "./rollouts.js";

export const message = (text: string, ordinal?: number): string =>
  record("response_item", { type: "message", role: "user", content: [{ type: "input_text", text }] }, ordinal);

/** Four records with ordinals, and two without. */
export const mixedRollout = (id: string): string =>
  headLine(id, {}, 0) + [1, 2, 3].map((n) => message(`new ${n}`, n)).join("") + message("old 4") + message("old 5");

/** The ordinals of a file's records, in order. */
export const ordinalsIn = (text: string): readonly unknown[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).ordinal);
