/** Sweeps a home, and now and then puts a session back, until it is killed: `sweep-child.ts <folder> <ms ahead> <seed>`. */
import { codeOf } from "@session-archiver/core";
import { below, oneOf, seeded } from "@session-archiver/test-kit/random";
import { restoreUnit } from "../../src/restore/restore.js";
import { planFolders } from "../../src/sweep/plan.js";
import { sweepFolders } from "../../src/sweep/run.js";
import { idOf, openWorld, POLICY, SESSIONS } from "./world.js";

const [folder = "", ahead = "0", seed = "0"] = process.argv.slice(2);
const random = seeded(Number(seed));
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 500).unref();
const say = (text: string): void => void process.stdout.write(`${text}\n`);

const { host, place } = await openWorld(folder, Number(ahead));
say("ready");
for (;;) {
  if (below(random, 3) === 0) {
    await restoreUnit(host, idOf(oneOf(random, SESSIONS))).then(
      () => say("restored"),
      (error: unknown) => say(`restore ${codeOf(error)} ${error}`),
    );
  } else {
    const { done, finished, failures } = await sweepFolders(host, await planFolders(host, [place], POLICY));
    for (const { outcome } of [...done, ...finished]) say(outcome);
    say("swept");
    for (const { code, message } of failures) say(`failed ${code} ${message}`);
  }
}
