/** A failure, shown where it happened: the problem, the advice, and the technical message for readers who want it. */
import { CircleAlert } from "lucide";
import type { VNode } from "preact";
import { explain } from "../client/errors.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";

interface ErrorNoteProps {
  readonly error: unknown;
  /** The first words, such as "Archiving failed". */
  readonly doing?: string;
  readonly onRetry?: (() => void) | undefined;
  readonly onDismiss?: (() => void) | undefined;
}

export function ErrorNote({ error, doing, onRetry, onDismiss }: ErrorNoteProps): VNode {
  const { code, title, advice, detail } = explain(error);
  // The messages of these errors name the cause, such as another tab, so they help more than general advice.
  const isPlain = code === "INVALID_ARGUMENT" || code === "CONFLICT";
  return (
    <div class="error-note" role="alert">
      <Icon icon={CircleAlert} size={18} />
      <div class="error-note-text">
        <p class="error-note-title">{doing ? `${doing}. ${title}` : title}</p>
        <p>{isPlain ? detail : advice}</p>
        {!isPlain && (
          <details>
            <summary>Details</summary>
            <code>
              {code}: {detail}
            </code>
          </details>
        )}
        {(onRetry || onDismiss) && (
          <div class="error-note-actions">
            {onRetry && <Button onClick={onRetry}>Try again</Button>}
            {onDismiss && (
              <Button look="quiet" onClick={onDismiss}>
                Dismiss
              </Button>
            )}
          </div>
        )}
      </div>
    </div>
  );
}
