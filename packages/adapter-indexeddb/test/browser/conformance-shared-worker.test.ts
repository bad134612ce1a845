import { conformanceIn } from "./support/worker-client.js";

conformanceIn("in a shared worker", () => {
  const worker = new SharedWorker(new URL("./support/conformance.worker.ts", import.meta.url), { type: "module" });
  return { worker, port: worker.port, stop: () => worker.port.close() };
});
