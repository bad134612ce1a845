/** Takes the output of sessions: POST /sessions/ID with lines of JSON, which are durable when the answer comes. */
import { text } from "node:stream/consumers";
import { inTurns } from "./in-turns.js";
import { serve } from "./serve.js";
import { openStore } from "./store.js";

const { archiver, close } = await openStore();
const inTurn = inTurns();

await serve(async (request, response, [folder, id]) => {
  if (request.method !== "POST" || folder !== "sessions" || !id) return false;
  const lines = await text(request);
  // A session that is archived goes on as the same session.
  await inTurn(id, async () => {
    await using recorder = archiver.recorder(id, { create: { view: "agent" } });
    await recorder.append(lines);
  });
  response.writeHead(204).end();
  return true;
});
await close();
