/**
 * The interface of the worker, the only part of the app that touches storage. Every value can be cloned; sizes are bytes,
 * times unix ms. Calls reject with an error that has one of core's error codes and a message for people.
 */
import type { SessionState, SkipReason, SweepReport } from "@session-archiver/core";
import type { TranscriptKind } from "@session-archiver/transcripts";

/** A row of the list. */
export interface SessionRow {
  readonly id: string;
  /** From the first words of the user, or the file name. */
  readonly title: string;
  readonly kind: TranscriptKind;
  /** The agent's working directory and branch, if its lines say them. */
  readonly cwd: string | null;
  readonly branch: string | null;
  /** In the order of their first use. */
  readonly models: readonly string[];
  /** `<agent>:<native id>`, if its lines say it: the same for every copy of the session. */
  readonly agentSession: string | null;
  /** For a subagent's session: the `agentSession` of the one that called it. */
  readonly caller: string | null;
  readonly state: SessionState;
  readonly lineCount: number;
  /** The raw bytes: the length of a full read. For a pruned session, what it held. */
  readonly rawBytes: number;
  /** Live bytes now. */
  readonly liveBytes: number;
  /** Archive bytes now, with the manifest. */
  readonly archiveBytes: number;
  readonly lastActivityMs: number | null;
  readonly archivedAt: number | null;
  readonly pinned: boolean;
  readonly prunedAt: number | null;
  readonly pruneReason: string | null;
  /** Whether this is a pruned session whose bytes are still there. */
  readonly canUndo: boolean;
  /** When its grace period ends or has ended, if the bytes are still there. The next sweep after that deletes them. */
  readonly undoableUntil: number | null;
  /** When the bytes of a pruned session were deleted. */
  readonly purgedAt: number | null;
  /** The simulated agent is writing to it, in this tab. */
  readonly agentRunning: boolean;
}

/** How much this site uses and may use, if the browser says so. */
export interface StorageStatus {
  readonly usageBytes: number | null;
  readonly quotaBytes: number | null;
  /** The part of what is used that keeps space for archiving. */
  readonly reservedBytes: number;
  /** Whether the browser has promised not to evict. */
  readonly persisted: boolean;
}

/** One line of a transcript. */
export interface TranscriptLine {
  /** From 0. Every `\n` ends a line; blank lines count. */
  readonly index: number;
  /** Without its line end, with invalid UTF-8 replaced, and cut after `MAX_LINE_CHARS`. */
  readonly text: string;
  /** The size of the whole line, with its line end. */
  readonly bytes: number;
  readonly truncated: boolean;
}

/** Only the beginning of a longer line is sent to the page; `readLine` returns all of it. */
export const MAX_LINE_CHARS = 256 * 1024;

export interface Transcript {
  readonly id: string;
  readonly kind: TranscriptKind;
  /** The number of lines, blank ones included; grows while the session is written to. */
  readonly lineCount: number;
}

export interface ImportReport {
  readonly imported: readonly { readonly id: string; readonly name: string; readonly bytes: number }[];
  /** Sessions that had all of the file's bytes already. */
  readonly unchanged: readonly string[];
  /** Sessions that got the file's new part. An interruption leaves a prefix of the file, which the next import continues. */
  readonly appended: readonly string[];
  /** Files that were not imported, and why; after a cancel also the remaining ones (`ABORTED`). They leave no partial session. */
  readonly failures: readonly { readonly name: string; readonly code: string; readonly message: string }[];
}

/** What the name of a file ends in that can be imported; the group is `gz` or `zst` if it is packed. */
export const TRANSCRIPT_ENDING: RegExp = /\.jsonl(?:\.(gz|zst))?$/i;

/** A file to import. `path` is relative to the dropped folder, or the file's name. */
export interface ImportFile {
  readonly path: string;
  readonly file: File;
}

export interface GenerateOptions {
  readonly count: number;
  /** The approximate size of each session. */
  readonly bytes: number;
  readonly kind?: TranscriptKind | undefined;
  /** The sessions' last activities are spread over this many days back from now. */
  readonly overDays: number;
}

export interface SweepSettings {
  readonly inactiveDays: number;
  /** `null` for no cap: then nothing is pruned. */
  readonly maxTotalBytes: number | null;
}

/** What a sweep would do to one session, and why. */
export interface PlanRow {
  readonly id: string;
  readonly title: string;
  readonly action: "archive" | "settle" | "prune" | "purge" | "skip";
  readonly reason: SkipReason | string;
  /** The live bytes that an archive or settle frees, or the archive bytes that a prune or purge frees. 0 for a skip. */
  readonly bytes: number;
}

export interface Progress {
  readonly operation: "archive" | "restore" | "verify" | "import" | "generate" | "export" | "sweep";
  /** The session id or file name that is being worked on. */
  readonly id: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** The numbers of finished sessions or files and of all; for operations on several. */
  readonly doneCount: number;
  readonly totalCount: number;
}

/** Events that the worker pushes to the page, also for changes that another tab made. */
export type WorkerEvent =
  /** These sessions changed, or any if `ids` is missing: list them again. */
  | { readonly type: "changed"; readonly ids?: readonly string[] | undefined }
  | { readonly type: "appended"; readonly id: string; readonly lineCount: number }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "warning"; readonly id?: string | undefined; readonly message: string }
  /** The database was closed, because another tab upgraded or deleted it. The page should ask for a reload. */
  | { readonly type: "closed"; readonly message: string };

export interface SessionApi {
  /** Opens the database; call it once, first. Events go to `listener`. */
  open(listener: (event: WorkerEvent) => void): Promise<void>;

  list(): Promise<readonly SessionRow[]>;
  row(id: string): Promise<SessionRow>;
  storage(): Promise<StorageStatus>;

  /** Fast for any size and state: it needs the number of lines, not the lines. `PRUNED` for a pruned session. */
  openTranscript(id: string): Promise<Transcript>;
  /** Returns lines `[from, to)`; fewer at the end. The cost depends only on how much it returns, live or archived. */
  readLines(id: string, from: number, to: number): Promise<readonly TranscriptLine[]>;
  /** Returns one whole line, however long. */
  readLine(id: string, index: number): Promise<string>;

  /** Imports `.jsonl`, `.jsonl.gz` and `.jsonl.zst` files byte for byte. A bad file doesn't stop the others. */
  importFiles(files: readonly ImportFile[]): Promise<ImportReport>;
  generate(options: GenerateOptions): Promise<void>;
  /** Starts a simulated agent that appends to the session every second or so until stopped. `CONFLICT` if it has a writer. */
  startAgent(id: string): Promise<void>;
  stopAgent(id: string): Promise<void>;
  /** Creates an empty session for the simulated agent and returns its id. */
  createSession(title: string): Promise<string>;

  archive(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  pin(id: string, pinned: boolean): Promise<void>;
  /** Sets a tombstone on this archived session, with the reason; its bytes are deleted after the grace period. */
  prune(id: string, reason?: string): Promise<void>;
  undoPrune(id: string): Promise<void>;
  verify(id: string): Promise<void>;
  /** Returns the session as one `.jsonl.gz`, live or archived. */
  exportGzip(id: string): Promise<{ readonly name: string; readonly blob: Blob }>;
  /** Deletes the session and all its bytes for good. `CONFLICT` while an agent writes to it in another tab. */
  remove(id: string): Promise<void>;

  plan(settings: SweepSettings): Promise<readonly PlanRow[]>;
  /** `undefined` if another tab is sweeping. Rejects with `ABORTED` when cancelled; finished sessions stay as they are. */
  sweep(settings: SweepSettings): Promise<SweepReport | undefined>;
  /** Stops every running import, generate, sweep, archive, restore, verify and export. */
  cancel(): Promise<void>;
}
