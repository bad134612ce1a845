/** The memory of a tab: its worker's heap, asked for again and again. */
import type { BrowserContext, CDPSession, Page } from "playwright";

/** In bytes. Each includes garbage that isn't collected yet: V8 lets array buffers add up to about 64 MiB of it. */
export interface Heap {
  /** Bytes of JavaScript objects. */
  readonly objects: number;
  /** Bytes of array buffers. */
  readonly buffers: number;
  /** The highest sum of both at one moment. */
  readonly both: number;
}

export interface HeapSampler {
  /** The peaks since the last call. */
  take(): { readonly peak: Heap; readonly samples: number };
  /** From now on collects garbage before each sample, so that samples count only memory in use. Slows the worker. */
  collectFirst(): void;
  stop(): Promise<void>;
}

const EVERY_MS = 50;

interface Usage {
  readonly usedSize: number;
  readonly backingStorageSize: number;
}

/** Watches the heap of the page's first worker, which must have been started. */
export async function sampleWorkerHeap(context: BrowserContext, page: Page): Promise<HeapSampler> {
  const cdp = await context.newCDPSession(page);
  const ask = await askWorker(cdp);
  let collects = false;
  let peak: Heap = { objects: 0, buffers: 0, both: 0 };
  let samples = 0;
  let stopped = false;
  const run = async (): Promise<void> => {
    while (!stopped) {
      if (collects) await ask("HeapProfiler.collectGarbage");
      const { usedSize, backingStorageSize } = await ask("Runtime.getHeapUsage");
      peak = {
        objects: Math.max(peak.objects, usedSize),
        buffers: Math.max(peak.buffers, backingStorageSize),
        both: Math.max(peak.both, usedSize + backingStorageSize),
      };
      samples++;
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    }
  };
  const running = run();
  return {
    take() {
      const taken = { peak, samples };
      peak = { objects: 0, buffers: 0, both: 0 };
      samples = 0;
      return taken;
    },
    collectFirst() {
      collects = true;
    },
    async stop() {
      stopped = true;
      await running;
      await cdp.detach();
    },
  };
}

async function askWorker(cdp: CDPSession): Promise<(method: string) => Promise<Usage>> {
  const attached = new Promise<string>((resolve) => {
    cdp.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
      if (targetInfo.type === "worker") resolve(sessionId);
    });
  });
  // Not flat, because Playwright offers no CDP sessions for workers.
  await cdp.send("Target.setAutoAttach", { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
  const sessionId = await attached;
  const waiting = new Map<number, (usage: Usage) => void>();
  cdp.on("Target.receivedMessageFromTarget", ({ message }) => {
    const { id, result } = JSON.parse(message) as { id: number; result: Usage };
    waiting.get(id)?.(result);
    waiting.delete(id);
  });
  let calls = 0;
  return (method) =>
    new Promise((resolve, reject) => {
      const id = ++calls;
      waiting.set(id, resolve);
      const message = JSON.stringify({ id, method });
      cdp.send("Target.sendMessageToTarget", { sessionId, message }).catch(reject);
    });
}
