/** A dedicated or shared worker that runs the conformance cases whose names it gets. */
import { cases, runCase } from "@session-archiver/conformance";
import { OFFERS, subject } from "./subject.js";
import type { Answer, Task } from "./worker-client.js";

interface Port {
  postMessage(answer: Answer): void;
  onmessage: ((event: MessageEvent<Task>) => void) | null;
}

function serve(port: Port): void {
  port.onmessage = async ({ data: { number, name } }) => {
    try {
      if ("window" in globalThis || "document" in globalThis) throw new Error("This is a page, not a worker.");
      const testCase = cases.find((each) => each.name === name);
      if (!testCase) throw new Error(`There is no case "${name}".`);
      await runCase(testCase, subject, OFFERS);
      port.postMessage({ number });
    } catch (error) {
      const failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
      port.postMessage({ number, failure });
    }
  };
}

if ("onconnect" in globalThis) {
  globalThis.addEventListener("connect", (event) => {
    for (const port of (event as MessageEvent).ports) serve(port);
  });
} else {
  serve(globalThis as unknown as Port);
}
