/** The whole deployment on this machine, for a few sessions. */
import { readFile } from "node:fs/promises";
import { whyNoPostgres } from "@session-archiver/test-kit/servers";
import { servicesIn } from "./compose.js";
import { deploy } from "./deployment.js";

const SESSIONS = 40;

const missing = whyNoPostgres();
if (missing !== undefined) {
  console.log(`Skipped: ${missing}.`);
} else {
  const text = await readFile(new URL("../../compose.yaml", import.meta.url), "utf8");
  // Idle at once, and swept again without an hour's pause.
  const services = servicesIn(text, { IDLE_DAYS: "0", EVERY_SECONDS: "0.2" });
  let archived = 0;
  const all = Promise.withResolvers<void>();
  const deployment = await deploy(services, (line, { service, process: { pid } }) => {
    const { archivedCount = 0 } = line.startsWith("{") ? JSON.parse(line) : {};
    if (archivedCount > 0) console.log(`${service} ${pid}: archived ${archivedCount}`);
    archived += archivedCount;
    if (archived >= SESSIONS) all.resolve();
  });
  try {
    const [app, reader] = [deployment.urlOf("app"), deployment.urlOf("reader")];
    for (let n = 0; n < SESSIONS; n++) {
      const body = `${JSON.stringify({ role: "user", text: `question ${n}` })}\n`.repeat(200);
      await fetch(`${app}/sessions/session-${n}`, { method: "POST", body });
    }
    await all.promise;
    console.log(`GET /sessions/session-7?tail=1: ${await (await fetch(`${reader}/sessions/session-7?tail=1`)).text()}`);
  } finally {
    await deployment.stop();
  }
}
