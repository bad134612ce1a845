/** Says what is wrong with a line. */

import type { Flaw } from "@session-archiver/transcripts";
import type { VNode } from "preact";

const WORDS: Readonly<Record<Flaw, string | null>> = {
  blank: null,
  cut: null,
  torn: "A record breaks off on this line: its writer was stopped in the middle.",
  "not-json": "This line isn't JSON. It is shown as it is stored.",
  glued: "Several records stand on this one line.",
  mixed: "There is more than records on this line. The rest is shown as it is stored.",
  unreadable: "This line is nested too deep to be shown in parts.",
};

export function FlawNote({ flaw }: { readonly flaw: Flaw | null }): VNode | null {
  const words = flaw === null ? null : WORDS[flaw];
  return words === null ? null : <p class="flaw">{words}</p>;
}
