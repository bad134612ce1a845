/** One session as lists show it. */

import type { ListedSession as Listed } from "@session-archiver/core";
import { factsOf } from "@session-archiver/search";
import type { ListedSession } from "../documents.js";
import { type Sort, type SortKey, sortKey } from "../select/sort.js";
import { callerOf, isEmpty } from "../select/units.js";

/** All that a list needs of a session. Lists hold thousands of these, and nothing else of sessions. */
export interface Row {
  /** What other sessions decide, `shortId` and `children`, is not known before it is shown. */
  readonly session: { -readonly [key in keyof ListedSession]: ListedSession[key] };
  /** What it is sorted by. */
  readonly key: SortKey;
  /** Whose subagent it is. */
  readonly caller: string | null;
  readonly isEmpty: boolean;
  /** Whether facts about it were ever extracted. Of what is gone there can be none. */
  readonly isDescribed: boolean;
}

export function rowOf(info: Listed, sort: Sort): Row {
  const facts = factsOf(info);
  const caller = callerOf(info, facts);
  const { id, state, lineCount } = info;
  return {
    session: {
      id,
      shortId: "",
      agent: facts.agent,
      title: facts.title,
      project: facts.project,
      cwd: facts.cwd,
      branch: facts.branch,
      models: facts.models,
      startedAt: info.startedAt,
      lastActivityMs: info.lastActivityMs,
      lineCount,
      messages: facts.messages,
      rawBytes: info.rawBytes,
      liveBytes: info.liveBytes,
      archiveBytes: info.archiveBytes,
      totalBytes: info.totalBytes,
      state,
      archivedAt: info.archivedAt,
      archiveKey: info.archiveKey,
      pinned: info.pinned,
      undoableUntil: info.undoableUntil,
      forgottenAt: info.forgottenAt,
      parentId: caller ?? facts.parentId,
      isSubagent: caller !== null,
      children: 0,
      tokens: facts.tokens,
    },
    key: sortKey(info, sort, facts),
    caller,
    isEmpty: isEmpty(info, facts),
    isDescribed: info.facts !== null || state === "pruned" || lineCount === 0,
  };
}
