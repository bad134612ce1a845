/** A port of Node as a search takes it. */
import type { MessagePort } from "node:worker_threads";
import type { SearchPort } from "@session-archiver/search";

/** For `addEventListener`, Node would load all that it has for the web's events, which takes 10 ms in each thread. */
export function searchPort(port: MessagePort): SearchPort {
  return {
    postMessage: (message) => port.postMessage(message),
    addEventListener: (type, listener) => void port.on(type, (data: unknown) => listener({ data })),
    start: () => port.start(),
    close: () => port.close(),
  };
}
