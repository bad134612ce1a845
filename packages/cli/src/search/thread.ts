/** A thread of its own that takes a share of one search. It has only what can be passed on to it. */
import { type MessagePort, workerData } from "node:worker_threads";
import { zlibCodec } from "@session-archiver/codec-zlib";
import { createArchiver } from "@session-archiver/core";
import { serveSearch } from "@session-archiver/search";
import { openStores } from "../stores/open.js";
import { searchPort } from "./search-port.js";
import type { ThreadData } from "./threads.js";

const { places, port } = workerData as ThreadData & { readonly port: MessagePort };
const stores = await openStores({
  places,
  access: "read",
  now: Date.now,
  onSkipped() {}, // nothing is listed here
  onNotice() {},
});
try {
  await serveSearch(createArchiver({ ...stores, codec: zlibCodec({ onCallingThread: true }) }), searchPort(port));
} finally {
  await stores.close();
}
