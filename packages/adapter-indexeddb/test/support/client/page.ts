/** The page: passes calls on to its worker. */

/** What a test finds on `window`. */
export interface TabWindow {
  /** The worker's answer, or its error as data: a page can't throw one that keeps its code. */
  call(command: string, args: readonly unknown[]): Promise<Answer>;
  terminateWorker(): void;
}

export type Answer =
  | { readonly value: unknown }
  | { readonly error: { readonly message: string; readonly code: string | undefined } };

const worker = new Worker("/worker.js", { type: "module" });
const waiting = new Map<number, (answer: Answer) => void>();
let calls = 0;
worker.addEventListener("message", ({ data }: MessageEvent<{ call: number; answer: Answer }>) => {
  waiting.get(data.call)?.(data.answer);
  waiting.delete(data.call);
});
worker.addEventListener("error", ({ message }) => {
  for (const answer of waiting.values())
    answer({ error: { message: `The worker failed: ${message}`, code: undefined } });
});

const tab: TabWindow = {
  call: (command, args) =>
    new Promise((resolve) => {
      const call = calls++;
      waiting.set(call, resolve);
      worker.postMessage({ call, command, args });
    }),
  terminateWorker: () => worker.terminate(),
};
Object.assign(window, { tab });

/** On a visit, asks the site for commands. Several may be under way. */
async function obey(visit: string): Promise<never> {
  for (;;) {
    const response = await fetch(`/next${visit}`);
    const { call, command, args } = (await response.json()) as { call: number; command: string; args: unknown[] };
    void tab.call(command, args).then((answer) => {
      const body = JSON.stringify({ call, answer: "value" in answer ? { value: answer.value ?? null } : answer });
      return fetch(`/answer${visit}`, { method: "POST", body });
    });
  }
}
if (location.search !== "") void obey(location.search);
