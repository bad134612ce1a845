import { conformanceIn } from "./support/worker-client.js";

conformanceIn("in a dedicated worker", () => {
  const worker = new Worker(new URL("./support/conformance.worker.ts", import.meta.url), { type: "module" });
  return { worker, port: worker, stop: () => worker.terminate() };
});
