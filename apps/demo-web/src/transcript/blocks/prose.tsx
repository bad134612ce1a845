/** Markdown text for people; of a long one, the beginning. */
import type { VNode } from "preact";
import type { ClipLimits } from "../clip.ts";
import { Markdown } from "../markdown/markdown.tsx";
import { Clipped } from "./clipped.tsx";

/** Prose is easier to read than output: more of it is shown. */
const LIMITS: ClipLimits = { lines: 60, chars: 5000 };

export function Prose({ text }: { readonly text: string }): VNode {
  return (
    <Clipped kind="text" text={text} limits={LIMITS}>
      {(shown) => <Markdown text={shown} />}
    </Clipped>
  );
}
