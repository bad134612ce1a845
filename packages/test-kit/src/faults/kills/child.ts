/** A process that works on a store until it is killed: `child.ts <ChildConfig as JSON>`. */
import { openSync, writeSync } from "node:fs";
import { type ArchiverEvent, codeOf, createArchiver } from "@session-archiver/core";
import type { ChildConfig, Note, StoreModule } from "./protocol.js";
import { seeded } from "./random.js";
import { appender } from "./roles/appender.js";
import { archiver as archiverRole } from "./roles/archiver.js";
import { collector } from "./roles/collector.js";
import { pruner } from "./roles/pruner.js";
import type { RoleContext } from "./roles/role.js";
import { sweeper } from "./roles/sweeper.js";
import { weaken } from "./weaken.js";

const config = JSON.parse(process.argv[2] ?? "") as ChildConfig;
const { openStore } = (await import(config.open)) as StoreModule;
const log = openSync(config.log, "a");
// If the test itself is killed, nothing else ends this process.
const parent = process.ppid;
setInterval(() => process.ppid === parent || process.exit(1), 500).unref();

let isReady = false;
const note = (line: Note): void => {
  writeSync(log, `${JSON.stringify(line)}\n`);
  if (!isReady) process.stdout.write("ready\n");
  isReady = true;
};

const store = await openStore(config.directory);
const ports = weaken(store, config.weakness);
const archiver = createArchiver({
  ...ports,
  // So that sweeps also archive sessions that the archiver's role restores.
  policy: { cooldownDays: 0 },
  onEvent(event: ArchiverEvent) {
    if (event.type === "warning") note({ note: "at", work: `warning: ${event.message}` });
  },
});

const context: RoleContext = {
  archiver,
  store,
  random: seeded(config.seed),
  sessions: config.sessions,
  note,
  /** Codes of a work that other processes on the same sessions make impossible. */
  async work(name, codes, step) {
    note({ note: "at", work: name });
    try {
      await step();
    } catch (error) {
      const code = codeOf(error);
      if (code !== undefined && codes.includes(code)) return;
      const message = error instanceof Error ? `${code}: ${error.stack}` : String(error);
      note({ note: "failed", work: name, message });
      throw error;
    }
  },
};

const ROLES = { appender, archiver: archiverRole, sweeper, collector, pruner, none: async () => {} } as const;
await ROLES[config.role](context);
await store.close();
