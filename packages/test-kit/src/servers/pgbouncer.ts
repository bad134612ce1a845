/** A PgBouncer in transaction mode before a server: each transaction may run on another of its few connections. */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { end, find, freePort, newFolder, start } from "./programs.js";

export interface Bouncer {
  readonly url: string;
  remove(): Promise<void>;
}

/** `undefined` if it is not on this machine. */
export async function startPgBouncer(serverPort: number): Promise<Bouncer | undefined> {
  const program = find("pgbouncer");
  if (!program) return undefined;
  const folder = newFolder("pgbouncer");
  const port = await freePort();
  const file = join(folder, "pgbouncer.ini");
  const settings = [
    "[databases]",
    `* = host=127.0.0.1 port=${serverPort} user=postgres`,
    "[pgbouncer]",
    "listen_addr = 127.0.0.1",
    `listen_port = ${port}`,
    "unix_socket_dir =",
    "auth_type = any",
    "pool_mode = transaction",
    "default_pool_size = 4",
    "max_client_conn = 500",
  ];
  writeFileSync(file, settings.join("\n"), { mode: 0o644 });
  const child = await start(program, [file], /process up/);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async remove() {
      await end(child, "SIGINT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
