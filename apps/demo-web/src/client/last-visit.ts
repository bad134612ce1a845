/**
 * Whether the browser has dropped everything between two visits. It drops a site's IndexedDB as a whole, so what was in it is noted
 * elsewhere: in localStorage, which Chromium leaves then, and in a cookie, which Firefox and WebKit leave, too. Clearing all of the
 * site's data takes both, and nobody can tell.
 */
import { effect, signal } from "@preact/signals";
import { allRows, loading } from "./sessions.ts";

export interface Visit {
  readonly sessionCount: number;
  /** Unix ms. */
  readonly at: number;
}

/** The last visit, if what was here then is gone. */
export const lostSince = signal<Visit | undefined>(undefined);

/** Cookies don't tell ports apart. */
const NAME = `session-archiver-visit-${location.port}`;
/** The longest that browsers allow. */
const COOKIE_SECONDS = 400 * 24 * 60 * 60;

let isFirst = true;

effect(() => {
  if (loading.value.status !== "ready") return;
  const sessionCount = allRows.value.length;
  const before = isFirst ? lastVisit() : undefined;
  isFirst = false;
  if (sessionCount === 0 && before && before.sessionCount > 0) lostSince.value = before;
  // Until it was dismissed, or sessions are here again, each visit tells.
  if (sessionCount > 0 || lostSince.peek() === undefined) note({ sessionCount, at: Date.now() });
});

export function dismissLost(): void {
  lostSince.value = undefined;
  note({ sessionCount: allRows.peek().length, at: Date.now() });
}

function note({ sessionCount, at }: Visit): void {
  const value = `${sessionCount}.${at}`;
  const isSecure = location.protocol === "https:";
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is missing in some of the browsers
  document.cookie = `${NAME}=${value}; max-age=${COOKIE_SECONDS}; samesite=strict${isSecure ? "; secure" : ""}`;
  try {
    localStorage.setItem(NAME, value);
  } catch {
    // The cookie is left, or the page can say nothing.
  }
}

/** The later one of the two notes. */
function lastVisit(): Visit | undefined {
  const cookie = document.cookie.split("; ").find((each) => each.startsWith(`${NAME}=`));
  const notes = [cookie?.slice(NAME.length + 1), localNote()].map(visitIn).filter((visit) => visit !== undefined);
  return notes.sort((a, b) => b.at - a.at)[0];
}

function localNote(): string | undefined {
  try {
    return localStorage.getItem(NAME) ?? undefined;
  } catch {
    return undefined;
  }
}

function visitIn(note: string | undefined): Visit | undefined {
  const [, count, at] = /^(\d+)\.(\d+)$/.exec(note ?? "") ?? [];
  return count === undefined ? undefined : { sessionCount: Number(count), at: Number(at) };
}
