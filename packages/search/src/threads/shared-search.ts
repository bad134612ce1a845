/** Has sessions searched by a thread at the other end of a port. */
import type { SearchQuery } from "../query/query.js";
import { type Changes, changes } from "../search/changes.js";
import type { Hit } from "../search/hit.js";
import type { SearchOne } from "../search/place.js";
import { emptyTally, type SessionTally } from "../search/tally.js";
import type { FromThread, SharedOptions, ToThread } from "./messages.js";
import type { SearchPort } from "./port.js";

export interface SharedSearch {
  readonly searchOne: SearchOne;
  close(): void;
}

interface Inbox {
  readonly messages: FromThread[];
  readonly change: Changes;
}

/** A session that the thread can't finish, because it has ended, is searched by `instead`. */
export function sharedSearch(
  port: SearchPort,
  query: SearchQuery,
  options: SharedOptions,
  instead: SearchOne,
): SharedSearch {
  const inboxes = new Map<number, Inbox>();
  let turns = 0;
  let hasEnded = false;
  const post = (message: ToThread): void => port.postMessage(message);

  /** `undefined` once the thread has ended. */
  const next = async (inbox: Inbox): Promise<FromThread | undefined> => {
    for (;;) {
      const message = inbox.messages.shift();
      if (message || hasEnded) return message;
      await inbox.change.next();
    }
  };
  const ended = (): void => {
    hasEnded = true;
    for (const inbox of inboxes.values()) inbox.change.tell();
  };
  async function* searchOne(id: string, tally: SessionTally): AsyncGenerator<Hit> {
    const turn = turns++;
    const inbox: Inbox = { messages: [], change: changes() };
    let session: Hit["session"] | undefined;
    let given = 0;
    inboxes.set(turn, inbox);
    try {
      if (!hasEnded) post({ kind: "session", turn, id });
      for (let message = await next(inbox); message; message = await next(inbox)) {
        Object.assign(tally, message.tally);
        if (message.kind === "done") return;
        session = message.session ?? session;
        if (session) yield { session, ...message.hit };
        given++;
        post({ kind: "taken", turn });
      }
    } finally {
      inboxes.delete(turn);
    }
    Object.assign(tally, emptyTally());
    for await (const hit of instead(id, tally)) if (given-- <= 0) yield hit;
  }
  port.addEventListener("message", ({ data }) => {
    const message = data as FromThread;
    const inbox = inboxes.get(message.turn);
    inbox?.messages.push(message);
    inbox?.change.tell();
  });
  port.addEventListener("close", ended);
  port.start();
  post({ kind: "query", query, options });
  return {
    searchOne,
    close() {
      post({ kind: "end" });
      port.close();
      ended();
    },
  };
}
