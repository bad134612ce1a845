/** The sessions for which a sweep failed, grouped by the error, with the advice once for each group. */
import type { SweepReport } from "@session-archiver/core";
import type { VNode } from "preact";
import { explainCode } from "../client/errors.ts";
import { sessions } from "../client/sessions.ts";

type Failure = SweepReport["failures"][number];

export function SweepFailures({ failures }: { readonly failures: readonly Failure[] }): VNode | null {
  if (failures.length === 0) return null;
  return (
    <section class="sweep-failures" aria-label="Failures">
      <h3>Failed ({failures.length})</h3>
      {[...Map.groupBy(failures, ({ code }) => code)].map(([code, same]) => (
        <Kind key={code} code={code} failures={same} />
      ))}
    </section>
  );
}

function Kind({ code, failures }: { readonly code: string; readonly failures: readonly Failure[] }): VNode {
  const { title, advice } = explainCode(code, "");
  return (
    <div class="sweep-failure-kind">
      <p class="report-failure">{title}</p>
      <p class="hint">{advice}</p>
      <ul class="report-list">
        {failures.map(({ id, message }) => (
          <li key={id}>
            <p class="report-name">{sessions.value.get(id)?.title ?? id}</p>
            <details>
              <summary>Details</summary>
              <code>
                {code}: {message}
              </code>
            </details>
          </li>
        ))}
      </ul>
    </div>
  );
}
