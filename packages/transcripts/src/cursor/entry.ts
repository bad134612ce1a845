/** Cursor's lines: `{role, message: {content}}`, in blocks like Claude's. */
import type { Facts } from "../agent.js";
import type { Entry } from "../entry.js";
import { genericEntry } from "../generic/entry.js";
import { asObject, asText, type JsonObject } from "../json.js";

/** `null`: not one of Cursor's lines. */
export const cursorEntries = (line: JsonObject): readonly Entry[] | null =>
  asObject(line["message"]) && asText(line["role"]) !== null ? [genericEntry(line)] : null;

export const cursorFacts = (line: JsonObject): Facts => ({ model: asText(line["model"]) });
