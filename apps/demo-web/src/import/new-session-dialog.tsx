/** A new, empty session that the simulated agent starts writing to. */
import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import { api } from "../client/connection.ts";
import { go } from "../client/route.ts";
import { markChanged } from "../client/sessions.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { ErrorNote } from "../ui/error-note.tsx";

export function NewSessionDialog({ onClose }: { readonly onClose: () => void }): VNode {
  const [title, setTitle] = useState("");
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(undefined);
  const formId = useId();
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    setBusy(true);
    setError(undefined);
    try {
      const id = await api().createSession(title.trim() || "Untitled session");
      await api().startAgent(id);
      markChanged([id]);
      onClose();
      go({ page: "session", id });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title="New agent session"
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={formId} busy={isBusy}>
            Start the agent
          </Button>
        </>
      }
    >
      <form id={formId} class="form" onSubmit={(event) => void submit(event)}>
        <div class="field">
          <label for={`${formId}-title`}>Title</label>
          <input
            id={`${formId}-title`}
            class="input"
            type="text"
            maxLength={120}
            placeholder="What should the agent work on?"
            value={title}
            onInput={(event) => setTitle(event.currentTarget.value)}
          />
          <p class="hint">A simulated agent writes a line every second or so until you stop it.</p>
        </div>
        {error !== undefined && <ErrorNote doing="The session was not created" error={error} />}
      </form>
    </Dialog>
  );
}
