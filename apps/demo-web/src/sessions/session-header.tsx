/** Title, state, sizes, times and actions of one session. */
import { ArrowLeft, Pin } from "lucide";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { subagentsOf } from "../client/families.ts";
import { now } from "../client/now.ts";
import { go, hashOf } from "../client/route.ts";
import { agentWords, modelWords, projectName } from "../client/row-words.ts";
import { failed } from "../client/running.ts";
import { allRows, callers, sessions } from "../client/sessions.ts";
import { IconButton } from "../ui/button.tsx";
import { age, bytes, counted, dateTime, ratio } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { isNarrow } from "../ui/is-narrow.ts";
import { StateMark } from "../ui/state-mark.tsx";
import type { SessionRow } from "../worker/api.ts";
import { SessionActions } from "./session-actions.tsx";

export function SessionHeader({ row }: { readonly row: SessionRow }): VNode {
  const heading = useRef<HTMLHeadingElement>(null);
  // On a narrow screen this page replaces the list, which had the focus.
  useEffect(() => {
    if (isNarrow.peek()) heading.current?.focus();
  }, [row.id]);
  // When the state changes, a button or a note that has the focus may disappear.
  const hasFailed = failed.value.has(row.id);
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current && document.activeElement === document.body) heading.current?.focus();
    isFirst.current = false;
  }, [row.state, hasFailed]);
  return (
    <header class="session-header">
      <div class="session-title-line">
        <span class="only-narrow">
          <IconButton icon={ArrowLeft} label="Back to the sessions" onClick={() => go({ page: "home" })} />
        </span>
        <h2 ref={heading} tabIndex={-1} class="session-title truncate" title={row.title}>
          {row.title}
        </h2>
        {row.pinned && (
          <span class="session-pin" title="Pinned: never swept or pruned">
            <Icon icon={Pin} size={14} />
            Pinned
          </span>
        )}
      </div>
      <div class="session-facts tabular">
        <StateMark state={row.state} />
        <Relatives row={row} />
        {row.cwd !== null && (
          <span class="session-project" title={row.cwd}>
            {[projectName(row), row.branch].filter(Boolean).join(" @ ")}
          </span>
        )}
        <span>{agentWords(row.kind)}</span>
        {row.models.length > 0 && <span title={row.models.join(", ")}>{modelWords(row)}</span>}
        {row.state !== "pruned" && <Sizes row={row} />}
        <span>{counted(row.lineCount, "line")}</span>
        <Time ms={row.lastActivityMs} prefix="Active" />
        {row.state !== "pruned" && <Time ms={row.archivedAt} prefix="Archived" />}
        {row.agentRunning && (
          <span class="agent-note">
            <span class="dot dot-pulse" aria-hidden="true" /> Agent writing
          </span>
        )}
      </div>
      <SessionActions row={row} />
    </header>
  );
}

/** The session that called it, or how many subagents it has. */
function Relatives({ row }: { readonly row: SessionRow }): VNode | null {
  const caller = sessions.value.get(callers.value.get(row.id) ?? "");
  const count = subagentsOf(row.id, allRows.value, callers.value).length;
  return (
    <>
      {caller && (
        <span class="session-caller truncate">
          Subagent of{" "}
          <a class="link" href={hashOf({ page: "session", id: caller.id })}>
            {caller.title}
          </a>
        </span>
      )}
      {count > 0 && (
        <span title="Below it in the list. Archiving, restoring, pinning, pruning and deleting this session does the same to them.">
          {counted(count, "subagent")}
        </span>
      )}
    </>
  );
}

function Sizes({ row }: { readonly row: SessionRow }): VNode {
  const total = row.liveBytes + row.archiveBytes;
  const times = row.archiveBytes > 0 && row.rawBytes > total * 1.1 ? ratio(row.rawBytes, total) : undefined;
  return (
    <span>
      {bytes(row.rawBytes)}
      {row.archiveBytes > 0 && (
        <>
          <span aria-hidden="true"> → </span>
          <span class="visually-hidden"> now takes up </span>
          <strong>{bytes(total)}</strong>
        </>
      )}
      {times && <span class="session-ratio">{times} smaller</span>}
    </span>
  );
}

function Time({ ms, prefix }: { readonly ms: number | null; readonly prefix: string }): VNode | null {
  if (ms === null) return null;
  return (
    <span title={dateTime(ms)}>
      {prefix} <time dateTime={new Date(ms).toISOString()}>{age(ms, now.value)}</time>
    </span>
  );
}
