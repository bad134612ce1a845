/** The import that is running, or the outcome of the last one. */
import { Check, CircleAlert, type IconNode, X } from "lucide";
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { cancelAll } from "../client/connection.ts";
import { dismissImport, type ImportJob, importJob } from "../client/import-job.ts";

import { Button, IconButton } from "../ui/button.tsx";
import { ErrorNote } from "../ui/error-note.tsx";
import { bytes, counted } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { ProgressBar } from "../ui/progress-bar.tsx";
import type { ImportReport } from "../worker/api.ts";
import { ImportReportDialog, reportSummary } from "./import-report.tsx";

export function JobCard(): VNode | null {
  const job = importJob.value;
  if (job.status === "idle") return null;
  return (
    <section class="job-card" aria-label="Import">
      {contentOf(job)}
    </section>
  );
}

function contentOf(job: Exclude<ImportJob, { status: "idle" }>): VNode {
  switch (job.status) {
    case "reading":
      return <Running title="Searching the folders…" />;
    case "running":
      return <RunningJob job={job} />;
    case "imported":
      return <Imported report={job.report} ignored={job.ignored} />;
    case "stopped":
      return (
        <Outcome icon={CircleAlert} title={job.work === "import" ? "Import stopped." : "Stopped."}>
          Sessions that were finished before that are in the list.
        </Outcome>
      );
    case "nothing":
      return (
        <Outcome icon={CircleAlert} title="Nothing to import.">
          Only files that end in .jsonl, .jsonl.gz or .jsonl.zst are imported
          {job.ignored > 0 ? `; ${counted(job.ignored, "other file")} were left alone.` : "."}
        </Outcome>
      );
    case "failed":
      return <ErrorNote doing="The import failed" error={job.error} onDismiss={dismissImport} />;
  }
}

function RunningJob({ job }: { readonly job: ImportJob & { status: "running" } }): VNode {
  const { work, progress } = job;
  const title = work === "import" ? "Importing" : "Making samples";
  if (!progress) return <Running title={`${title}…`} />;
  const { doneCount, totalCount, doneBytes, totalBytes } = progress;
  const fraction = totalBytes > 0 ? doneBytes / totalBytes : totalCount > 0 ? doneCount / totalCount : undefined;
  const sizes = totalBytes > 0 ? ` · ${bytes(doneBytes)} of ${bytes(totalBytes)}` : "";
  return <Running title={title} detail={`${doneCount} of ${totalCount}${sizes}`} fraction={fraction} />;
}

interface RunningProps {
  readonly title: string;
  readonly detail?: string;
  readonly fraction?: number | undefined;
}

function Running({ title, detail, fraction }: RunningProps): VNode {
  return (
    <>
      <div class="job-head">
        <p class="job-title">{title}</p>
        <Button look="quiet" onClick={cancelAll}>
          Cancel
        </Button>
      </div>
      <ProgressBar label={title} fraction={fraction} />
      {detail && <p class="hint tabular">{detail}</p>}
    </>
  );
}

function Imported({ report, ignored }: { readonly report: ImportReport; readonly ignored: number }): VNode {
  const [open, setOpen] = useState(false);
  const { title, detail } = reportSummary(report, ignored);
  return (
    <Outcome icon={report.failures.length > 0 ? CircleAlert : Check} isBad={report.failures.length > 0} title={title}>
      {detail}
      <Button look="quiet" onClick={() => setOpen(true)}>
        Show report
      </Button>
      {open && <ImportReportDialog report={report} ignored={ignored} onClose={() => setOpen(false)} />}
    </Outcome>
  );
}

interface OutcomeProps {
  readonly icon: IconNode;
  readonly isBad?: boolean;
  readonly title: string;
  readonly children?: ComponentChildren;
}

function Outcome({ icon, isBad = false, title, children }: OutcomeProps): VNode {
  return (
    <div class={`job-outcome ${isBad ? "job-outcome-bad" : ""}`} role="status">
      <Icon icon={icon} size={18} />
      <div class="job-outcome-text">
        <p class="job-title">{title}</p>
        {children !== undefined && <div class="hint">{children}</div>}
      </div>
      <IconButton icon={X} label="Dismiss import report" onClick={dismissImport} />
    </div>
  );
}
