/** A PostgreSQL server of a test's own, on loopback, in a temporary folder. */
import type { ChildProcess } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { PostgresPrograms } from "./npm-postgres.js";
import { end, find, freePort, newFolder, run, start } from "./programs.js";

export interface PostgresServer {
  readonly url: string;
  readonly port: number;
  /** `kill -9`, also of the processes that serve connections, which notice at once. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, with further settings. */
  startAgain(settings?: readonly string[]): Promise<void>;
  /** Stops it, and starts it as a replica that waits for a primary. */
  turnIntoReplica(): Promise<void>;
  /** Stops it and deletes its folder. */
  remove(): Promise<void>;
}

/** Why there is none; `undefined` if there can be one. */
export function whyNoPostgres(): string | undefined {
  return ofMachine() ? undefined : "there is no PostgreSQL server on this machine";
}

function ofMachine(): PostgresPrograms | undefined {
  const [initdb, postgres] = [find("initdb"), find("postgres")];
  return initdb && postgres ? { initdb, postgres } : undefined;
}

/** `programs`: by default those of this machine. */
export async function startPostgres(
  settings: readonly string[] = [],
  programs: PostgresPrograms | undefined = ofMachine(),
): Promise<PostgresServer> {
  if (!programs) throw new Error(whyNoPostgres());
  const { initdb, postgres } = programs;
  const folder = newFolder("postgres");
  const data = join(folder, "data");
  await run(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
  const port = await freePort();
  const fixed = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=120",
    "shared_buffers=64MB",
  ];
  const launch = (more: readonly string[]): Promise<ChildProcess> => {
    const options = [...fixed, ...settings, ...more].flatMap((setting) => ["-c", setting]);
    return start(postgres, ["-D", data, "-p", String(port), ...options], /ready to accept (read-only )?connections/);
  };
  let server = await launch([]);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    kill: () => end(server, "SIGKILL"),
    async startAgain(more = []) {
      // The processes that served connections end a moment after the one that was killed.
      for (let started: ChildProcess | undefined; !started; ) {
        started = await launch(more).catch((error: Error) => {
          if (!error.message.includes("still in use")) throw error;
          return undefined;
        });
        server = started ?? server;
      }
    },
    async turnIntoReplica() {
      await end(server, "SIGINT");
      writeFileSync(join(data, "standby.signal"), "");
      server = await launch([]);
    },
    async remove() {
      await end(server, "SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
