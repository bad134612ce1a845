/** How well each session is compressed; the largest savings first. */
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { hashOf } from "../client/route.ts";
import { savedBytes } from "../client/storage.ts";
import { Button } from "../ui/button.tsx";
import { bytes, counted, ratio } from "../ui/format.ts";
import { StateMark } from "../ui/state-mark.tsx";
import type { SessionRow } from "../worker/api.ts";

const SHOWN_FIRST = 25;

export function CompressionTable({ rows }: { readonly rows: readonly SessionRow[] }): VNode {
  const [all, setAll] = useState(false);
  const archived = rows
    .filter((row) => row.archiveBytes > 0 && row.state !== "pruned")
    .sort((a, b) => savedBytes(b) - savedBytes(a));
  const shown = all ? archived : archived.slice(0, SHOWN_FIRST);
  return (
    <section class="card" aria-labelledby="compression">
      <h3 id="compression">Compression by session</h3>
      {archived.length === 0 ? (
        <p class="hint">Nothing is archived yet. Sweep, or archive a session, and its compression shows here.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an element that scrolls must be reachable by keyboard
        <section class="table-scroll" aria-label="Compression table" tabIndex={0}>
          <table class="tabular">
            <thead>
              <tr>
                <th scope="col">Session</th>
                <th scope="col">State</th>
                <th scope="col">Raw</th>
                <th scope="col">Archive</th>
                <th scope="col">Saved</th>
                <th scope="col">Ratio</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <tr key={row.id}>
                  <th scope="row">
                    <a class="link truncate" href={hashOf({ page: "session", id: row.id })} title={row.title}>
                      {row.title}
                    </a>
                  </th>
                  <td>
                    <StateMark state={row.state} />
                  </td>
                  <td>{bytes(row.rawBytes)}</td>
                  <td>{bytes(row.archiveBytes)}</td>
                  <td>{bytes(savedBytes(row))}</td>
                  <td>{ratio(row.rawBytes, row.liveBytes + row.archiveBytes)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {shown.length < archived.length && (
        <Button look="quiet" onClick={() => setAll(true)}>
          Show all {counted(archived.length, "session")}
        </Button>
      )}
    </section>
  );
}
