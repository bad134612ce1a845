/** The job that imports files or makes sample sessions: one at a time, with its progress and its outcome. */
import { signal } from "@preact/signals";
import { hasCode } from "@session-archiver/core";
import {
  type GenerateOptions,
  type ImportFile,
  type ImportReport,
  type Progress,
  TRANSCRIPT_ENDING,
} from "../worker/api.ts";
import { api, subscribe } from "./connection.ts";
import { notify } from "./notices.ts";
import { loadStorage } from "./storage.ts";

export type ImportJob =
  | { readonly status: "idle" }
  /** Searching the folders for files. */
  | { readonly status: "reading" }
  | { readonly status: "running"; readonly work: "import" | "generate"; readonly progress: Progress | undefined }
  /** `ignored`: the number of files in the folders that aren't transcripts. */
  | { readonly status: "imported"; readonly report: ImportReport; readonly ignored: number }
  | { readonly status: "nothing"; readonly ignored: number }
  | { readonly status: "stopped"; readonly work: "import" | "generate" }
  | { readonly status: "failed"; readonly error: unknown };

export const importJob = signal<ImportJob>({ status: "idle" });

subscribe((event) => {
  if (event.type !== "progress" || importJob.value.status !== "running") return;
  const { work } = importJob.value;
  if (event.progress.operation === work) importJob.value = { status: "running", work, progress: event.progress };
});

export function isImporting(): boolean {
  return importJob.value.status === "reading" || importJob.value.status === "running";
}

export function dismissImport(): void {
  if (!isImporting()) importJob.value = { status: "idle" };
}

/** Whether a job is running already; if so, shows a notice. */
function isTaken(): boolean {
  if (isImporting()) notify("Wait until the import that is running has finished, or cancel it.");
  return isImporting();
}

/** `find` returns all files; those that aren't transcripts are only counted. */
export async function importFrom(find: () => Promise<readonly ImportFile[]>): Promise<void> {
  if (isTaken()) return;
  importJob.value = { status: "reading" };
  await settle("import", async () => {
    const found = await find();
    const transcripts = found.filter(({ path }) => TRANSCRIPT_ENDING.test(path));
    const ignored = found.length - transcripts.length;
    if (transcripts.length === 0) return { status: "nothing", ignored };
    importJob.value = { status: "running", work: "import", progress: undefined };
    return { status: "imported", report: await api().importFiles(transcripts), ignored };
  });
}

export async function generate(options: GenerateOptions): Promise<void> {
  if (isTaken()) return;
  importJob.value = { status: "running", work: "generate", progress: undefined };
  await settle("generate", async () => {
    await api().generate(options);
    notify(`Made ${options.count} sample sessions.`);
    return { status: "idle" };
  });
}

async function settle(work: "import" | "generate", run: () => Promise<ImportJob>): Promise<void> {
  try {
    importJob.value = await run();
  } catch (error) {
    importJob.value = hasCode(error, "ABORTED") ? { status: "stopped", work } : { status: "failed", error };
  }
  void loadStorage();
}
