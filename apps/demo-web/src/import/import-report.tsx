/** The outcome of an import for each file. */
import type { VNode } from "preact";
import { explainCode } from "../client/errors.ts";
import { go } from "../client/route.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { bytes, counted } from "../ui/format.ts";
import type { ImportReport } from "../worker/api.ts";

export function reportSummary(
  report: ImportReport,
  ignored: number,
): { readonly title: string; readonly detail: string } {
  const { imported, unchanged, appended, failures } = report;
  const size = imported.reduce((sum, { bytes: each }) => sum + each, 0);
  const [headline, ...others] = [
    imported.length > 0 && `Imported ${counted(imported.length, "session")} (${bytes(size)})`,
    appended.length > 0 && `Appended to ${counted(appended.length, "session")}`,
    failures.length > 0 && `${counted(failures.length, "file")} failed`,
    unchanged.length > 0 && `${counted(unchanged.length, "file")} unchanged`,
    ignored > 0 && `${counted(ignored, "other file")} left alone`,
  ].filter((part) => part !== false);
  return { title: `${headline ?? "Nothing to import"}.`, detail: others.join(" · ") };
}

interface ImportReportDialogProps {
  readonly report: ImportReport;
  readonly ignored: number;
  readonly onClose: () => void;
}

export function ImportReportDialog({ report, ignored, onClose }: ImportReportDialogProps): VNode {
  const { imported, unchanged, appended, failures } = report;
  return (
    <Dialog title="Import report" onClose={onClose} footer={<Button onClick={onClose}>Close</Button>}>
      <div class="report">
        {failures.length > 0 && (
          <section>
            <h3>Failed ({failures.length})</h3>
            <p class="hint">Nothing from these files was kept.</p>
            <ul class="report-list">
              {failures.map(({ name, code, message }) => (
                <li key={name}>
                  <p class="report-name">{name}</p>
                  <p class="report-failure">
                    {code === "QUOTA" ? `${explainCode(code, message).title} ` : ""}
                    {message}
                  </p>
                </li>
              ))}
            </ul>
          </section>
        )}
        {imported.length > 0 && (
          <section>
            <h3>Imported ({imported.length})</h3>
            <ul class="report-list">
              {imported.map(({ id, name, bytes: size }) => (
                <li key={id} class="report-row">
                  <button
                    type="button"
                    class="link report-name"
                    onClick={() => {
                      onClose();
                      go({ page: "session", id });
                    }}
                  >
                    {name}
                  </button>
                  <span class="tabular">{bytes(size)}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        <Names title="Appended to" note="The file continues the session; its new part was added." names={appended} />
        <Names title="Unchanged" note="The session has all of the file's bytes already." names={unchanged} />
        {ignored > 0 && (
          <p class="hint">{counted(ignored, "other file")}: not .jsonl, .jsonl.gz or .jsonl.zst, left alone.</p>
        )}
      </div>
    </Dialog>
  );
}

function Names(props: {
  readonly title: string;
  readonly note: string;
  readonly names: readonly string[];
}): VNode | null {
  if (props.names.length === 0) return null;
  return (
    <section>
      <h3>
        {props.title} ({props.names.length})
      </h3>
      <p class="hint">{props.note}</p>
      <ul class="report-list">
        {props.names.map((name) => (
          <li key={name} class="report-name">
            {name}
          </li>
        ))}
      </ul>
    </section>
  );
}
