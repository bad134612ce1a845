/** The sessions for which a sweep failed, grouped by the error, with the advice once for each group. */
import type { SweepReport } from "@session-archiver/core";
import type { VNode } from "preact";
import { explainCode } from "../client/errors.ts";
import { sessions } from "../client/sessions.ts";
import { bytes, counted } from "../ui/format.ts";

type Failure = SweepReport["failures"][number];

interface Props {
  readonly failures: readonly Failure[];
  readonly outOfSpace: SweepReport["outOfSpace"];
}

export function SweepFailures({ failures, outOfSpace }: Props): VNode | null {
  if (failures.length === 0) return null;
  return (
    <section class="sweep-failures" aria-label="Failures">
      <h3>Failed ({failures.length})</h3>
      {[...Map.groupBy(failures, ({ code }) => code)].map(([code, same]) => (
        <Kind key={code} code={code} failures={same} outOfSpace={code === "QUOTA" ? outOfSpace : undefined} />
      ))}
    </section>
  );
}

function Kind({ code, failures, outOfSpace }: Props & { readonly code: string }): VNode {
  const { title, advice } = explainCode(code, "");
  return (
    <div class="sweep-failure-kind">
      <p class="report-failure">{title}</p>
      <p class="hint">{outOfSpace ? whatHelps(outOfSpace) : advice}</p>
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

/** To sweep once more would find no more space than this sweep did. */
function whatHelps({ sessionCount, neededBytes }: NonNullable<Props["outOfSpace"]>): string {
  const left = `Nothing was lost. ${counted(sessionCount, "session")} could not be archived for lack of space.`;
  return `${left} About ${bytes(neededBytes)} more would do: export a session and delete it here, then sweep again.`;
}
