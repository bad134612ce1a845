/** Shows sessions, live or archived: GET /sessions, GET /sessions/ID, GET /sessions/ID?tail=20. */
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { serve } from "./serve.js";
import { openStore } from "./store.js";

const { archiver, close } = await openStore({ readOnly: true });

async function* sessions(): AsyncGenerator<string> {
  for await (const { id, state, lineCount, rawBytes } of archiver.listNewest()) {
    yield `${JSON.stringify({ id, state, lineCount, rawBytes })}\n`;
  }
}

await serve(async (request, response, [folder, id]) => {
  if (request.method !== "GET" || folder !== "sessions") return false;
  // Before the answer begins: afterwards it can't become an error any more.
  if (id) await archiver.info(id);
  const tail = new URL(request.url ?? "/", "http://localhost").searchParams.get("tail");
  const bytes = !id ? sessions() : tail === null ? archiver.read(id) : archiver.tail(id, Number(tail));
  response.setHeader("content-type", "application/jsonl");
  await pipeline(Readable.from(bytes), response);
  return true;
});
await close();
