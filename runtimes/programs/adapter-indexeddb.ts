/** adapter-indexeddb: is for browsers. Here it loads, and says what it lacks. */
import assert from "node:assert/strict";
import { openIndexedDb } from "@session-archiver/adapter-indexeddb";

await assert.rejects(openIndexedDb("sessions"), { name: "ArchiverError", code: "UNAVAILABLE" });
