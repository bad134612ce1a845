/** Asks before an action that can't be undone. */
import { signal } from "@preact/signals";

export interface Question {
  readonly title: string;
  readonly text: string;
  readonly confirmLabel: string;
  readonly danger?: boolean;
}

export const question = signal<(Question & { readonly answer: (yes: boolean) => void }) | undefined>(undefined);

export function ask(asked: Question): Promise<boolean> {
  question.value?.answer(false);
  return new Promise((resolve) => {
    question.value = {
      ...asked,
      answer(yes) {
        question.value = undefined;
        resolve(yes);
      },
    };
  });
}
