/** A note on a line so long that only its beginning was loaded. The rest loads by itself if it is short, else on a click. */
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { explain } from "../../client/errors.ts";
import { Button } from "../../ui/button.tsx";
import { bytes } from "../../ui/format.ts";

/** Up to this size parsing isn't noticeable. */
const BY_ITSELF_BYTES = 2_000_000;
/** More than this makes a tab slow. */
const MOST_BYTES = 64_000_000;
/** The note must stay in view this long, so that scrolling past loads nothing. */
const REST_MS = 250;

interface CutNoteProps {
  readonly bytes: number;
  readonly load: () => Promise<void>;
}

export function CutNote({ bytes: size, load }: CutNoteProps): VNode {
  const [state, setState] = useState<"cut" | "loading" | { readonly error: unknown }>("cut");
  const start = async (): Promise<void> => {
    setState("loading");
    try {
      await load();
    } catch (error) {
      setState({ error });
    }
  };
  useEffect(() => {
    if (size > BY_ITSELF_BYTES) return;
    const timer = setTimeout(start, REST_MS);
    return () => clearTimeout(timer);
  }, []);
  const failed = typeof state === "object" ? explain(state.error) : null;
  return (
    <div class="cut">
      <span>
        {failed
          ? `The rest of this line can't be read. ${failed.title}`
          : `This line is ${bytes(size)} long; only its beginning is shown.`}
        {size > MOST_BYTES && " It is too long for this page: export the session to see it whole."}
      </span>
      {size <= MOST_BYTES && (
        <Button look="quiet" busy={state === "loading"} onClick={start}>
          {failed ? "Try again" : "Show all of it"}
        </Button>
      )}
    </div>
  );
}
