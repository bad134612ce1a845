/** A page with only the transcript view, on a fake worker. */
import "@fontsource-variable/inter";
import "../../../src/styles/index.css";
import type { TranscriptKind } from "@session-archiver/transcripts";
import { render } from "preact";
import { TranscriptView } from "../../../src/transcript/transcript-view.tsx";
import type { SessionApi, SessionRow, TranscriptLine, WorkerEvent } from "../../../src/worker/api.ts";

export interface Setting {
  /** Line `i` has the text at `i % texts.length`. */
  readonly texts: readonly string[];
  readonly lineCount: number;
  readonly kind: TranscriptKind;
  /** Longer lines are cut. */
  readonly maxChars: number;
}

export interface Harness {
  setting: Setting;
  /** Reads and openings reject with this code. */
  failing: string | null;
  /** The number of lines that were requested so far. */
  linesRead: number;
  append(lines: number): void;
  emit(event: WorkerEvent): void;
}

declare global {
  interface Window {
    setting: Setting;
    harness: Harness;
  }
}

const listeners = new Set<(event: WorkerEvent) => void>();
const emit = (event: WorkerEvent): void => {
  for (const listener of listeners) listener(event);
};
const harness: Harness = {
  setting: window.setting,
  failing: null,
  linesRead: 0,
  emit,
  append(lines) {
    const lineCount = harness.setting.lineCount + lines;
    harness.setting = { ...harness.setting, lineCount };
    emit({ type: "appended", id: "s", lineCount });
  },
};
window.harness = harness;

const check = (): void => {
  if (harness.failing !== null)
    throw Object.assign(new Error("the failure that the test asked for"), {
      code: harness.failing,
      name: "ArchiverError",
    });
};
const textOf = (index: number): string => harness.setting.texts[index % harness.setting.texts.length] ?? "";
const lineOf = (index: number): TranscriptLine => {
  const text = textOf(index);
  const { maxChars } = harness.setting;
  return { index, text: text.slice(0, maxChars), bytes: text.length + 1, truncated: text.length > maxChars };
};

const api: Pick<SessionApi, "openTranscript" | "readLines" | "readLine"> = {
  async openTranscript(id) {
    check();
    return { id, kind: harness.setting.kind, lineCount: harness.setting.lineCount };
  },
  async readLines(_id, from, to) {
    check();
    const end = Math.min(to, harness.setting.lineCount);
    harness.linesRead += end - from;
    return Array.from({ length: end - from }, (_, i) => lineOf(from + i));
  },
  async readLine(_id, index) {
    check();
    return textOf(index);
  },
};

const session: SessionRow = {
  id: "s",
  title: "A session",
  kind: harness.setting.kind,
  cwd: null,
  branch: null,
  models: [],
  agentSession: null,
  caller: null,
  state: "live",
  lineCount: harness.setting.lineCount,
  rawBytes: 0,
  liveBytes: 0,
  archiveBytes: 0,
  lastActivityMs: null,
  archivedAt: null,
  pinned: false,
  prunedAt: null,
  pruneReason: null,
  canUndo: true,
  undoableUntil: null,
  purgedAt: null,
  agentRunning: false,
};
const events = (listener: (event: WorkerEvent) => void) => {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
};

const root = document.createElement("main");
root.style.cssText = "display:flex;height:100vh";
document.body.append(root);
render(<TranscriptView api={api as SessionApi} session={session} events={events} />, root);
