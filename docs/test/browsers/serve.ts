/** Serves one page and its scripts on the loopback, where web APIs take it for secure. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface ServedPage extends AsyncDisposable {
  /** Ends in a slash. */
  readonly url: string;
  /** What the page has sent by POST. */
  readonly told: Promise<string>;
}

/** `files`: what else there is, from its path without the first slash. */
export async function servePage(page: string, files: Readonly<Record<string, string>> = {}): Promise<ServedPage> {
  const told = Promise.withResolvers<string>();
  const server = createServer(async (request, response) => {
    const path = (request.url ?? "").slice(1);
    if (request.method === "POST") told.resolve(await text(request));
    response.setHeader("content-type", path === "" ? "text/html" : "text/javascript");
    response.end(path === "" ? page : (files[path] ?? ""));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told: told.promise,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
    },
  };
}
