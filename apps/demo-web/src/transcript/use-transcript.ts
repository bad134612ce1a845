/** Opens a transcript, and updates its line count as lines are added. */
import { codeOf } from "@session-archiver/core";
import { useEffect, useState } from "preact/hooks";
import type { SessionApi, WorkerEvent } from "../worker/api.ts";

export type Opened =
  | { readonly status: "loading" }
  | { readonly status: "failed"; readonly error: unknown; readonly retry: () => void }
  /** `edition` changes if there are fewer lines: those already read may be outdated. `looked` counts how often it was reopened. */
  | { readonly status: "open"; readonly lineCount: number; readonly edition: number; readonly looked: number };

export type Events = (listener: (event: WorkerEvent) => void) => () => void;

/** Whether the shown lines are gone. After another failure to open again they stay, and the next read reports the failure. */
const isGone = (error: unknown): boolean => codeOf(error) === "PRUNED" || codeOf(error) === "NOT_FOUND";

export function useTranscript(api: SessionApi, id: string, events: Events): Opened {
  const [opened, setOpened] = useState<Opened>({ status: "loading" });
  useEffect(() => {
    let gone = false;
    let asking = false;
    let askAgain = false;

    const count = (lineCount: number): void =>
      setOpened((before) =>
        before.status === "open"
          ? {
              status: "open",
              lineCount,
              edition: before.edition + (lineCount < before.lineCount ? 1 : 0),
              looked: before.looked + 1,
            }
          : { status: "open", lineCount, edition: 0, looked: 0 },
      );
    const fail = (error: unknown): void =>
      setOpened((before) =>
        before.status === "open" && !isGone(error) ? before : { status: "failed", error, retry: () => void open() },
      );

    async function open(): Promise<void> {
      askAgain = asking;
      if (asking) return;
      asking = true;
      try {
        const { lineCount } = await api.openTranscript(id);
        if (!gone) count(lineCount);
      } catch (error) {
        if (!gone) fail(error);
      }
      asking = false;
      if (askAgain && !gone) await open();
    }

    const stop = events((event) => {
      // Lines may be announced while the transcript is being opened: the count that opening returns includes them.
      if (event.type === "appended" && event.id === id) {
        setOpened((before) =>
          before.status === "open" ? { ...before, lineCount: Math.max(before.lineCount, event.lineCount) } : before,
        );
      } else if (event.type === "changed" && (event.ids?.includes(id) ?? true)) void open();
    });
    void open();
    return () => {
      gone = true;
      stop();
    };
  }, [api, id, events]);
  return opened;
}
