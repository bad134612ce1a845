/** The archiver's promise on the adapter's ports: no byte is lost, wherever it stops and whatever other processes do. */
import { type Archiver, hasCode, type Ports } from "@session-archiver/core";
import { sessionIdOf } from "@session-archiver/core/format";
import { about, type Case } from "../case.js";
import { attempt, check, equal, equalBytes, insist } from "../support/assert.js";
import { all, concat, text, toBytes, turn, upTo } from "../support/data.js";
import { dyingAfter } from "../support/faults.js";
import { archiveKeys, archiverOn, makeSession, readsAs, transcript } from "../support/session.js";

const test = about("Lifecycle: crashes and races");
const PORTS = ["objects", "blobs", "archives"] as const;

/** More steps than any operation needs. */
const MOST_STEPS = 100;

/** Stops the operation at each step of its writes in turn; each time the session must be whole and usable. */
async function diesAtEachStep(
  ports: Ports,
  prepare: (archiver: Archiver, id: string) => Promise<Uint8Array>,
  operate: (archiver: Archiver, id: string) => Promise<unknown>,
): Promise<void> {
  const archiver = archiverOn(ports);
  for (let steps = 0; ; steps++) {
    check(steps < MOST_STEPS, `the operation doesn't end within ${MOST_STEPS} steps.`);
    const id = `dies after ${steps}`;
    const bytes = await prepare(archiver, id);
    const dying = dyingAfter(ports, steps);
    await attempt(() => operate(archiverOn(dying.ports), id));
    await readsAs(archiver, id, bytes, `after a stop at step ${steps}`);
    await archiver.settle(id);
    await readsAs(archiver, id, bytes, `once settled after a stop at step ${steps}`);
    await archiver.archive(id);
    await archiver.verify(id);
    await readsAs(archiver, id, bytes, `archived after a stop at step ${steps}`);
    if (!dying.died()) return;
  }
}

export const lifecycleFaultCases: readonly Case[] = [
  test(PORTS, "an archive that is stopped at any of its writes loses nothing", async (ports) => {
    const output = transcript(3000);
    const sidecars = { sidecar: text("sidecar") };
    const prepare = async (_: Archiver, id: string): Promise<Uint8Array> => {
      await makeSession(ports, id, output, sidecars);
      return output;
    };
    await diesAtEachStep(ports, prepare, (archiver, id) => archiver.archive(id));
    const archiver = archiverOn(ports);
    for (const { id } of await all(ports.objects.list())) {
      equalBytes(await toBytes(archiver.read(id, { name: "sidecar" })), text("sidecar"), "the sidecar");
    }
  }),

  test(PORTS, "a restore that is stopped at any of its writes loses nothing", async (ports) => {
    const prepare = async (archiver: Archiver, id: string): Promise<Uint8Array> => {
      await makeSession(ports, id, transcript(3000), { sidecar: text("sidecar") });
      await archiver.archive(id);
      return transcript(3000);
    };
    await diesAtEachStep(ports, prepare, (archiver, id) => archiver.restore(id));
  }),

  test(PORTS, "a second archive that is stopped at any of its writes loses nothing", async (ports) => {
    const prepare = async (archiver: Archiver, id: string): Promise<Uint8Array> => {
      await makeSession(ports, id, transcript(3000));
      await archiver.archive(id);
      const recorder = archiver.recorder(id);
      await recorder.append("more\n");
      await recorder.close();
      return concat([transcript(3000), text("more\n")]);
    };
    await diesAtEachStep(ports, prepare, (archiver, id) => archiver.archive(id));
  }),

  test(PORTS, "archivers that race for one session leave it archived once, and whole", async (ports) => {
    for (const n of upTo(5)) {
      const id = `session ${n}`;
      await makeSession(ports, id, transcript(50_000, n + 1));
      const results = await Promise.all(upTo(3).map(() => attempt(() => archiverOn(ports).archive(id))));
      for (const result of results) {
        if ("error" in result)
          check(hasCode(result.error, "CONFLICT"), `a lost race must be CONFLICT: ${result.error}`);
      }
      const archiver = archiverOn(ports);
      await archiver.archive(id);
      await archiver.gc({ graceDays: 0 });
      equal(await all(ports.blobs.list(id)), [], "live blobs");
      const own = (await archiveKeys(ports.archives)).filter((key) => sessionIdOf(key) === id);
      equal(own.length, 1, "objects in the sink: the archive, with its manifest inline");
      await readsAs(archiver, id, transcript(50_000, n + 1), "after the race");
    }
  }),

  test(PORTS, "lines written during archives and restores are all there, in order", async (ports) => {
    const start = transcript(20_000);
    await makeSession(ports, "s", start);
    const lines = upTo(40).map((n) => `line ${n}\n`);
    const recorder = archiverOn(ports).recorder("s");
    let writing = true;
    const write = async (): Promise<void> => {
      for (const line of lines) await insist(() => recorder.append(line), "append");
      await recorder.close();
    };
    const move = async (): Promise<void> => {
      const archiver = archiverOn(ports);
      while (writing) {
        // Either may lose a race against the writer; neither may lose bytes.
        await attempt(() => archiver.archive("s"));
        await attempt(() => archiver.restore("s"));
        await turn();
      }
    };
    await Promise.all([
      write().finally(() => {
        writing = false;
      }),
      move(),
      move(),
    ]);
    const whole = concat([start, text(lines.join(""))]);
    await readsAs(archiverOn(ports), "s", whole, "after it all");
    await archiverOn(ports).archive("s");
    await readsAs(archiverOn(ports), "s", whole, "archived after it all");
  }),
];
