import { ArchiverError, memoryPorts, type Ports } from "@session-archiver/core";
import { expose } from "comlink";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { connect } from "../../src/client/connect.ts";
import type { WorkerEvent } from "../../src/worker/api.ts";
import { packError, unpackError } from "../../src/worker/rpc.ts";
import { createSessionApi, type Service } from "../../src/worker/session-api.ts";
import type { OpenStores } from "../../src/worker/stores.ts";
import { newName } from "./support/service.ts";

/** Replaces the browser's worker: the same API at the other end of a message channel. */
function fakeWorker(openStores: OpenStores): { readonly workers: EventTarget[]; readonly services: Service[] } {
  const workers: EventTarget[] = [];
  const services: Service[] = [];
  class FakeWorker extends EventTarget {
    readonly #port: MessagePort;
    constructor() {
      super();
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      port1.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
      port1.start();
      const service = createSessionApi({ openStores, name: newName() });
      expose(service, port2);
      workers.push(this);
      services.push(service);
    }
    postMessage(message: unknown, transfer: Transferable[] = []): void {
      this.#port.postMessage(message, transfer);
    }
    terminate(): void {
      this.#port.close();
    }
  }
  vi.stubGlobal("Worker", FakeWorker);
  return { workers, services };
}

const storesOn =
  (ports: Ports): OpenStores =>
  async () => ({
    ...ports,
    runExclusive: (work) => work(),
    status: async () => ({ usageBytes: null, quotaBytes: null, reservedBytes: 0, persisted: false }),
    close: async () => {},
  });

afterEach(() => {
  vi.unstubAllGlobals();
});

test("calls, events and typed errors cross over", async () => {
  const { services } = fakeWorker(storesOn(memoryPorts()));
  const events: WorkerEvent[] = [];
  const { promise: changed, resolve } = Promise.withResolvers<WorkerEvent>();
  const api = await connect((event) => {
    events.push(event);
    if (event.type === "changed") resolve(event);
  });
  onTestFinished(() => services[0]?.close());
  const id = await api.createSession("Hello");
  expect(await api.list()).toMatchObject([{ id, title: "Hello" }]);
  expect(await changed).toEqual({ type: "changed", ids: [id] });
  const error = await api.openTranscript("x").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ArchiverError);
  expect(error).toMatchObject({ code: "NOT_FOUND", id: "x", message: 'There is no session "x".' });
});

test("when the worker dies, pending and later calls reject, and the page gets an event", async () => {
  const never: Ports = memoryPorts();
  const { workers } = fakeWorker(
    storesOn({ ...never, objects: { ...never.objects, get: () => new Promise(() => {}) } }),
  );
  const events: WorkerEvent[] = [];
  const api = await connect((event) => events.push(event));
  const waiting = api.row("s");
  waiting.catch(() => {});
  workers[0]?.dispatchEvent(new Event("error", { cancelable: true }));
  await expect(waiting).rejects.toMatchObject({ code: "UNAVAILABLE", message: expect.stringContaining("Reload") });
  await expect(api.list()).rejects.toMatchObject({ code: "UNAVAILABLE" });
  expect(events.filter(({ type }) => type === "closed")).toHaveLength(1);
});

test("if the database can't be opened, connecting fails", async () => {
  fakeWorker(async () => {
    throw new ArchiverError("QUOTA", "The disk is full.");
  });
  const events: WorkerEvent[] = [];
  await expect(connect((event) => events.push(event))).rejects.toMatchObject({
    code: "QUOTA",
    message: "The disk is full.",
  });
  expect(events).toEqual([]);
});

test("if another tab closes the database, the page gets an event", async () => {
  let close: (message: string) => void = () => {};
  const { services } = fakeWorker((name, listener) => {
    close = listener.onClosed;
    return storesOn(memoryPorts())(name, listener);
  });
  const { promise, resolve } = Promise.withResolvers<WorkerEvent>();
  await connect(resolve);
  onTestFinished(() => services[0]?.close());
  close("Another tab has deleted it.");
  expect(await promise).toEqual({ type: "closed", message: "Another tab has deleted it." });
});

test("any other error, or a thrown value that isn't an error, arrives as UNAVAILABLE", () => {
  for (const thrown of [new TypeError("x is undefined"), "text", undefined, { code: "ODD", message: 5 }]) {
    const error = unpackError(structuredClone(packError(thrown)));
    expect(error.code).toBe("UNAVAILABLE");
    expect(error).toBeInstanceOf(ArchiverError);
  }
  const copy = unpackError(packError(new ArchiverError("PRUNED", "m", { id: "i", key: "k", cause: () => {} })));
  expect(copy).toMatchObject({ code: "PRUNED", message: "m", id: "i", key: "k" });
});
