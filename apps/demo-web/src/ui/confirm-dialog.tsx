import type { VNode } from "preact";
import { question } from "../client/confirm.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";

export function ConfirmDialog(): VNode | null {
  const asked = question.value;
  if (!asked) return null;
  return (
    <Dialog
      title={asked.title}
      onClose={() => asked.answer(false)}
      footer={
        <>
          <Button onClick={() => asked.answer(false)}>Cancel</Button>
          <Button look={asked.danger ? "danger" : "primary"} onClick={() => asked.answer(true)}>
            {asked.confirmLabel}
          </Button>
        </>
      }
    >
      <p class="dialog-text">{asked.text}</p>
    </Dialog>
  );
}
