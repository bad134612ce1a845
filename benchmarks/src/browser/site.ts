/** Bundles the page and its worker from the built packages, and serves them with the data. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build, type Rollup } from "vite";

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Records tasks of the main thread that take over 50 ms, and starts the worker. */
const PAGE = `<!doctype html><meta charset="utf-8"><title>benchmark</title><script type="module">
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.longTasks.push(duration);
  }).observe({ type: "longtask", buffered: true });
  window.worker = new Worker("/worker.js", { type: "module" });
</script>`;

/** The path of another build's `index.js`, to measure that build of the adapter instead. */
const ADAPTER = process.env["BENCH_INDEXEDDB"];

export async function openSite(data: Uint8Array): Promise<Site> {
  const script = await bundle();
  const server = createServer((request, response) => {
    // Cross-origin isolated, so that the page's clock has its full resolution.
    response.setHeader("cross-origin-opener-policy", "same-origin");
    response.setHeader("cross-origin-embedder-policy", "require-corp");
    if (request.url === "/worker.js") response.setHeader("content-type", "text/javascript").end(script);
    else if (request.url === "/data") response.end(data);
    else if (request.url === "/") response.setHeader("content-type", "text/html").end(PAGE);
    else response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL("./client/worker.js", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "error",
    resolve: { alias: ADAPTER === undefined ? {} : { "@session-archiver/adapter-indexeddb": ADAPTER } },
    build: { write: false, minify: true, target: "esnext", lib: { entry, formats: ["es"], fileName: "worker" } },
  });
  const [chunk] = ([built].flat() as Rollup.RollupOutput[])[0]?.output ?? [];
  if (!chunk) throw new Error("The worker's bundle is empty.");
  return chunk.code;
}
