/** Says that the browser has dropped what was here. */
import type { VNode } from "preact";
import { dismissLost, lostSince } from "../client/last-visit.ts";
import { Button } from "../ui/button.tsx";
import { counted, dateTime } from "../ui/format.ts";

export function LostBanner(): VNode | null {
  const visit = lostSince.value;
  if (!visit) return null;
  return (
    <div class="banner" role="alert">
      <p>
        <strong>
          {counted(visit.sessionCount, "session")} that {visit.sessionCount === 1 ? "was" : "were"} here on{" "}
          {dateTime(visit.at)} {visit.sessionCount === 1 ? "is" : "are"} gone.
        </strong>{" "}
        The browser has dropped this site’s data, or somebody has cleared it. Archives went with it. Import again what
        you have as files, and choose “Keep my data” under Storage.
      </p>
      <Button onClick={dismissLost}>Dismiss</Button>
    </div>
  );
}
