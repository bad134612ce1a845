/** A small HTTP server, which ends when the program is asked to. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { codeOf, type ErrorCode } from "@session-archiver/core";
import { stopping } from "./stopping.js";
import { variable } from "./store.js";

/** `path`: the decoded parts of the path. Resolves to `false` if there is nothing of this name. */
export type Handler = (request: IncomingMessage, response: ServerResponse, path: readonly string[]) => Promise<boolean>;

const STATUSES: Readonly<Partial<Record<ErrorCode, number>>> = {
  NOT_FOUND: 404,
  PRUNED: 410,
  CONFLICT: 409,
  INVALID_ARGUMENT: 400,
  UNAVAILABLE: 503,
  QUOTA: 507,
};

/** Resolves once it was asked to end, and the requests that were under way are answered. */
export async function serve(handle: Handler): Promise<void> {
  const signal = stopping();
  const server = createServer(async (request, response) => {
    try {
      const path = (request.url ?? "/").replace(/\?.*/, "").split("/").slice(1).map(decodeURIComponent);
      if (path[0] === "health") response.end("well\n");
      else if (!(await handle(request, response, path))) response.writeHead(404).end();
    } catch (error) {
      const code = codeOf(error);
      const status = (code && STATUSES[code]) ?? 500;
      if (status >= 500) console.error(error);
      // An answer that has begun can only be broken off.
      if (response.headersSent) response.destroy();
      else response.writeHead(status).end(`${code ?? "failed"}\n`);
    }
  });
  await new Promise<void>((resolve) => server.listen(Number(variable("PORT")), resolve));
  console.log(`listening on ${variable("PORT")}`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve());
  });
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}
