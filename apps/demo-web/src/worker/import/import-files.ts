/** Imports files one after the other; a bad file doesn't stop the others. */
import { failureOf, hasCode } from "@session-archiver/core";
import type { ImportFile, ImportReport } from "../api.ts";
import type { App } from "../app.ts";
import { throttled } from "../tasks.ts";
import { importFile } from "./import-file.ts";
import { sourceOf } from "./source.ts";

/** After a cancel, the remaining files are reported as failures with the code `ABORTED`. */
export function importFiles(app: App, files: readonly ImportFile[]): Promise<ImportReport> {
  return app.tasks.run(async (signal) => {
    const report = {
      imported: [] as { id: string; name: string; bytes: number }[],
      unchanged: [] as string[],
      appended: [] as string[],
      failures: [] as { name: string; code: string; message: string }[],
    };
    const totalBytes = files.reduce((sum, { file }) => sum + file.size, 0);
    const emit = throttled((progress) => app.events.emit({ type: "progress", progress }));
    let before = 0;
    for (const [doneCount, item] of files.entries()) {
      const { path, file } = item;
      const tell = (fileBytes: number, count = doneCount): void =>
        emit({
          operation: "import",
          id: path,
          doneBytes: before + fileBytes,
          totalBytes,
          doneCount: count,
          totalCount: files.length,
        });
      try {
        const source = sourceOf(item);
        const outcome = await importFile(app, source, file.size, signal, tell);
        if (outcome === "imported") report.imported.push({ id: source.id, name: path, bytes: file.size });
        else report[outcome].push(source.id);
      } catch (error) {
        const { code, message } = failureOf(path, error);
        const isCancelled = hasCode(error, "ABORTED");
        report.failures.push({
          name: path,
          code,
          message: isCancelled ? `"${path}" was not imported: cancelled.` : message,
        });
      }
      before += file.size;
      tell(0, doneCount + 1);
    }
    return report;
  });
}
