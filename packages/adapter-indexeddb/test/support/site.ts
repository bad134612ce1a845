/** The page and worker of `client/`, bundled from the sources and served, with files going in and out. */
import { EventEmitter } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { SOURCE_ALIASES } from "@session-archiver/test-kit/machine";
import { build, type Rollup } from "vite";
import { type Remote, remotePage } from "./remote.js";

export interface Site {
  readonly url: string;
  /** What the worker finds under `/files/<name>`. */
  readonly files: Map<string, Uint8Array>;
  /** What the worker has put under `/uploads/<name>`. */
  readonly uploads: Map<string, Buffer>;
  /** Resolves at the first upload under this name that is right. */
  uploaded(name: string, isRight: (text: string) => boolean): Promise<void>;
  /** A visit by a page that no protocol drives. */
  visit(): { readonly url: string; readonly remote: Remote };
  close(): Promise<void>;
}

const PAGE = '<!doctype html><meta charset="utf-8"><title>tab</title><script type="module" src="/page.js"></script>';

export async function openSite(): Promise<Site> {
  const scripts = await bundle();
  const files = new Map<string, Uint8Array>();
  const uploads = new Map<string, Buffer>();
  const arrivals = new EventEmitter();
  const visits: Remote[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [name = "", query] = (request.url ?? "").slice(1).split("?");
    const path = decodeURIComponent(name);
    const remote = visits[Number(/^visit=(\d+)$/.exec(query ?? "")?.[1] ?? -1)];
    if (remote && path !== "") return remote.serve(path, request, response);
    const script = scripts.get(path);
    const file = files.get(path.replace(/^files\//, ""));
    if (request.method === "PUT") {
      const bytes = await buffer(request);
      uploads.set(path.replace(/^uploads\//, ""), bytes);
      arrivals.emit(path.replace(/^uploads\//, ""), bytes.toString());
      response.end();
    } else if (path === "") response.setHeader("content-type", "text/html").end(PAGE);
    else if (script !== undefined) response.setHeader("content-type", "text/javascript").end(script);
    else if (file) response.end(file);
    else response.writeHead(path === "favicon.ico" ? 204 : 404).end();
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    visit() {
      const remote = remotePage();
      return { url: `${url}?visit=${visits.push(remote) - 1}`, remote };
    },
    files,
    uploads,
    uploaded: (name, isRight) =>
      new Promise((resolve) => {
        arrivals.on(name, (text: string) => {
          if (isRight(text)) resolve();
        });
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bundle(): Promise<ReadonlyMap<string, string>> {
  const client = (name: string): string => fileURLToPath(new URL(`./client/${name}.ts`, import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "error",
    resolve: { alias: SOURCE_ALIASES },
    build: {
      write: false,
      minify: false,
      target: "esnext",
      modulePreload: false,
      rollupOptions: {
        input: { page: client("page"), worker: client("worker") },
        output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
      },
    },
  });
  const { output } = built as Rollup.RollupOutput;
  return new Map(output.flatMap((chunk) => (chunk.type === "chunk" ? [[chunk.fileName, chunk.code] as const] : [])));
}
