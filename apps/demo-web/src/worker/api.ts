/**
 * What the page asks of the worker, which alone touches storage. Every value can be cloned; sizes are bytes, times unix
 * ms. Calls reject with an error whose `code` is one of core's error codes, and whose message is for people.
 */
import type { SessionState, SkipReason, SweepReport } from "@session-archiver/core";
import type { TranscriptKind } from "@session-archiver/transcripts";

/** A row of the list. */
export interface SessionRow {
  readonly id: string;
  /** From the first words of the user, or the file name. */
  readonly title: string;
  readonly kind: TranscriptKind;
  readonly state: SessionState;
  readonly lineCount: number;
  /** What a full read gives; of a pruned session what it held. */
  readonly rawBytes: number;
  /** Taken up now by live bytes. */
  readonly liveBytes: number;
  /** Taken up now by its archive and manifest. */
  readonly archiveBytes: number;
  readonly lastActivityMs: number | null;
  readonly archivedAt: number | null;
  readonly pinned: boolean;
  readonly prunedAt: number | null;
  readonly pruneReason: string | null;
  /** A pruned session whose bytes are still there. */
  readonly canUndo: boolean;
  /** The simulated agent is writing to it, in this tab. */
  readonly agentRunning: boolean;
}

/** What the origin may store, as far as the browser tells. */
export interface StorageStatus {
  readonly usageBytes: number | null;
  readonly quotaBytes: number | null;
  /** Whether the browser has promised not to evict. */
  readonly persisted: boolean;
}

/** One line of a transcript. */
export interface TranscriptLine {
  /** From 0; every `\n` ends a line, blank lines count. */
  readonly index: number;
  /** Without its line end; invalid UTF-8 is replaced. Cut after `MAX_LINE_CHARS`. */
  readonly text: string;
  /** Bytes of the whole line, with its line end. */
  readonly bytes: number;
  readonly truncated: boolean;
}

/** A longer line is sent to the page in part; `readLine` gives all of it. */
export const MAX_LINE_CHARS = 256 * 1024;

export interface Transcript {
  readonly id: string;
  readonly kind: TranscriptKind;
  /** Lines there are, blank ones too; grows while the session is written to. */
  readonly lineCount: number;
}

export interface ImportReport {
  readonly imported: readonly { readonly id: string; readonly name: string; readonly bytes: number }[];
  /** Already there, with these bytes or more. */
  readonly unchanged: readonly string[];
  /** Went on from what was there. Cut short, it leaves a prefix of the file, and the next import goes on from that. */
  readonly appended: readonly string[];
  /** Not taken in, and why; once cancelled, also the files that are left (`ABORTED`). Of a new session nothing is kept. */
  readonly failures: readonly { readonly name: string; readonly code: string; readonly message: string }[];
}

/** A file to take in; `path` is relative to the folder that was dropped, or the name. */
export interface ImportFile {
  readonly path: string;
  readonly file: File;
}

export interface GenerateOptions {
  readonly count: number;
  /** Of each session, about. */
  readonly bytes: number;
  readonly kind?: TranscriptKind | undefined;
  /** The sessions' last activities are spread over this many days back from now. */
  readonly overDays: number;
}

export interface SweepSettings {
  readonly inactiveDays: number;
  /** `null`: no cap, nothing is pruned. */
  readonly maxTotalBytes: number | null;
}

/** What a sweep would do to one session, and why. */
export interface PlanRow {
  readonly id: string;
  readonly title: string;
  readonly action: "archive" | "settle" | "prune" | "purge" | "skip";
  readonly reason: SkipReason | string;
  /** Live bytes an archive or settle frees; archive bytes a prune or purge frees. 0 for a skip. */
  readonly bytes: number;
}

export interface Progress {
  readonly operation: "archive" | "restore" | "verify" | "import" | "generate" | "export" | "sweep";
  /** Session id or file name that is worked on. */
  readonly id: string;
  readonly doneBytes: number;
  readonly totalBytes: number;
  /** Sessions or files finished, of those there are; for operations on several. */
  readonly doneCount: number;
  readonly totalCount: number;
}

/** What happened, pushed to the page as it happens, also for changes another tab made. */
export type WorkerEvent =
  /** These sessions changed, or all if `ids` is missing: list again. */
  | { readonly type: "changed"; readonly ids?: readonly string[] | undefined }
  | { readonly type: "appended"; readonly id: string; readonly lineCount: number }
  | { readonly type: "progress"; readonly progress: Progress }
  | { readonly type: "warning"; readonly id?: string | undefined; readonly message: string }
  /** The database was closed under us: another tab upgraded or deleted it. The page should ask for a reload. */
  | { readonly type: "closed"; readonly message: string };

export interface SessionApi {
  /** Opens the database; to be called once, first. Events go to `listener`. */
  open(listener: (event: WorkerEvent) => void): Promise<void>;

  list(): Promise<readonly SessionRow[]>;
  row(id: string): Promise<SessionRow>;
  storage(): Promise<StorageStatus>;

  /** Fast for any size and state: the lines are counted, or known, not read. `PRUNED` for a pruned session. */
  openTranscript(id: string): Promise<Transcript>;
  /** Lines `[from, to)`; fewer at the end. Costs what it gives, live or archived. */
  readLines(id: string, from: number, to: number): Promise<readonly TranscriptLine[]>;
  /** One whole line, however long. */
  readLine(id: string, index: number): Promise<string>;

  /** `.jsonl` and `.jsonl.gz`; byte for byte. A bad file stops nothing. */
  importFiles(files: readonly ImportFile[]): Promise<ImportReport>;
  generate(options: GenerateOptions): Promise<void>;
  /** A simulated agent appends to the session, every second or so, until it is stopped. `CONFLICT` if another does. */
  startAgent(id: string): Promise<void>;
  stopAgent(id: string): Promise<void>;
  /** A new, empty session for the simulated agent; gives its id. */
  createSession(title: string): Promise<string>;

  archive(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  pin(id: string, pinned: boolean): Promise<void>;
  /** A tombstone on this archived session, with the reason; its bytes go after the grace period. */
  prune(id: string, reason?: string): Promise<void>;
  undoPrune(id: string): Promise<void>;
  verify(id: string): Promise<void>;
  /** The session as one `.jsonl.gz`, live or archived. */
  exportGzip(id: string): Promise<{ readonly name: string; readonly blob: Blob }>;
  /** Deletes the session with all its bytes, for good. `CONFLICT` while an agent writes to it in another tab. */
  remove(id: string): Promise<void>;

  plan(settings: SweepSettings): Promise<readonly PlanRow[]>;
  /** `undefined`: another tab is sweeping. Rejects with `ABORTED` once cancelled; what was done stays done. */
  sweep(settings: SweepSettings): Promise<SweepReport | undefined>;
  /** Stops what is under way: import, generate, sweep, archive, restore, verify, export. */
  cancel(): Promise<void>;
}
