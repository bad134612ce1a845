/** Text in a fixed-width font: code with colours, or a tool's output. */
import type { VNode } from "preact";
import type { ClipLimits } from "../clip.ts";
import { useHighlight } from "../highlight/use-highlight.ts";
import { Clipped } from "./clipped.tsx";
import { CopyButton } from "./copy-button.tsx";

const LIMITS: ClipLimits = { lines: 20, chars: 4000 };

interface CodeProps {
  readonly text: string;
  readonly language?: string | null;
  /** Use anything but `code` for a tool's output. */
  readonly look?: "code" | "output" | "stderr" | "error";
  /** The text to copy, if it isn't `text`. */
  readonly copy?: string | (() => Promise<string>);
}

function Coloured({ text, language }: { readonly text: string; readonly language: string | null }): VNode {
  const spans = useHighlight(text, language);
  return (
    <pre>
      <code>
        {spans === null
          ? text
          : spans.map((span, i) =>
              span.className === "" ? (
                span.text
              ) : (
                <span key={i} class={span.className}>
                  {span.text}
                </span>
              ),
            )}
      </code>
    </pre>
  );
}

export function Code({ text, language = null, look = "code", copy }: CodeProps): VNode {
  return (
    <div class={`code code-${look}`}>
      {look === "stderr" && <span class="code-stream">stderr</span>}
      <Clipped kind={look} text={text} limits={LIMITS}>
        {(shown) => <Coloured text={shown} language={language} />}
      </Clipped>
      <div class="code-copy">
        <CopyButton label={look === "code" ? "Copy code" : "Copy output"} text={copy ?? text} />
      </div>
    </div>
  );
}
