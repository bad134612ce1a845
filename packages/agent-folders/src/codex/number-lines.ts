/** Gives every record of a rollout its running ordinal, and leaves all other bytes as they are. */
import { ArchiverError } from "@session-archiver/core";
import { ordinalOf } from "./lines.js";

export interface Numbered {
  /** The line, whole. */
  readonly line: string;
  readonly wasChanged: boolean;
}

/** Where Codex writes a record's ordinal. */
const USUAL = /^(\{"timestamp":"[^"\\]*","ordinal":)\d+(?=[,}])/;

/**
 * Takes the lines one after the other. Nothing changes before the first record that lacks an ordinal and comes behind one
 * that has it. Torn and blank lines are no records: they get no ordinal, and use none up.
 */
export function lineNumberer(path: string): (line: string) => Numbered {
  let next: number | undefined;
  let isMending = false;
  return (line) => {
    const ordinal = ordinalOf(line);
    if (ordinal === undefined || (ordinal === "none" && next === undefined)) return { line, wasChanged: false };
    const own = next ?? 0;
    if (ordinal === "none") {
      isMending = true;
      next = own + 1;
      return { line: inserted(line, own), wasChanged: true };
    }
    if (!isMending || ordinal === own) {
      next = ordinal + 1;
      return { line, wasChanged: false };
    }
    if (!USUAL.test(line)) {
      const what = `Record ${ordinal} of ${path} can't be given another ordinal: it does not have the form that Codex writes.`;
      throw new ArchiverError("CORRUPT", what);
    }
    next = own + 1;
    return { line: line.replace(USUAL, `$1${own}`), wasChanged: true };
  };
}

/** In front of the record's other fields, which stay byte for byte. */
function inserted(line: string, ordinal: number): string {
  const at = line.indexOf("{") + 1;
  const rest = line.slice(at);
  return `${line.slice(0, at)}"ordinal":${ordinal}${/^\s*\}/.test(rest) ? "" : ","}${rest}`;
}
