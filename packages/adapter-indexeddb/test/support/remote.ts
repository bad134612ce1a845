/** Commands for a page that no protocol drives: it asks for them, and posts their answers. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Answer } from "./client/page.js";

/** One visit of the site. */
export interface Remote {
  /** Serves `next` and `answer`, which the page asks for. */
  serve(what: string, request: IncomingMessage, response: ServerResponse): Promise<void>;
  call(command: string, args: readonly unknown[]): Promise<Answer>;
}

export function remotePage(): Remote {
  const queue: unknown[] = [];
  const answers: ((answer: Answer) => void)[] = [];
  let asking: ServerResponse | undefined;
  const send = (): void => {
    if (asking === undefined || queue.length === 0) return;
    asking.end(JSON.stringify(queue.shift()));
    asking = undefined;
  };
  return {
    async serve(what, request, response) {
      if (what === "next") {
        asking = response;
        return send();
      }
      const { call, answer } = JSON.parse(await text(request)) as { readonly call: number; readonly answer: Answer };
      answers[call]?.(answer);
      response.end();
    },
    call: (command, args) =>
      new Promise((resolve) => {
        const call = answers.push(resolve) - 1;
        // JSON would make `null` of what is left out.
        queue.push({ call, command, args: args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1) });
        send();
      }),
  };
}
