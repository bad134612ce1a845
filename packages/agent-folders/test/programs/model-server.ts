/** A model's server on loopback: it keeps every request whole, and is slow on demand. */
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { onTestFinished } from "vitest";

export interface ModelRequest {
  /** `POST /v1/messages` */
  readonly what: string;
  readonly body: string;
}

/** What is sent as an answer: JSON, or events of a stream, each with its name in `type`. */
export type Answer = { readonly status: number; readonly json: unknown } | { readonly events: readonly ModelEvent[] };
export type ModelEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

export interface Held {
  /** Resolves when a request has come in and waits. */
  readonly asked: Promise<void>;
  /** Lets everything that waits continue, and what comes after. */
  release(): void;
}

export interface ModelServer {
  /** `http://127.0.0.1:1234` */
  readonly url: string;
  /** Oldest first. */
  readonly requests: readonly ModelRequest[];
  /** From now on answers wait until they are released. */
  hold(): Held;
}

/** `answer` gets the request and its number. The server ends with the test. */
export async function startModel(answer: (request: ModelRequest, count: number) => Answer): Promise<ModelServer> {
  const requests: ModelRequest[] = [];
  let gate: { readonly open: Promise<void>; arrived(): void } | undefined;
  const answered = async (incoming: IncomingMessage): Promise<Answer> => {
    const request = { what: `${incoming.method} ${incoming.url}`, body: await text(incoming) };
    const count = requests.push(request);
    gate?.arrived();
    await gate?.open;
    return answer(request, count);
  };
  const server = createServer(async (incoming, outgoing) => {
    const reply = await answered(incoming);
    if ("json" in reply) {
      outgoing.writeHead(reply.status, { "content-type": "application/json" }).end(JSON.stringify(reply.json));
      return;
    }
    outgoing.writeHead(200, { "content-type": "text/event-stream" });
    for (const event of reply.events) outgoing.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    outgoing.end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    hold() {
      const [arrival, opening] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      gate = { open: opening.promise, arrived: arrival.resolve };
      return {
        asked: arrival.promise,
        release() {
          gate = undefined;
          opening.resolve();
        },
      };
    },
  };
}
