/** What can be wrong with a server or with how it is named: each is said, and a password never. */

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { chmod, cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { newCli, newFolder, type Run } from "../support/cli.js";
import { testServer, withPostgres } from "../support/postgres.js";
import { BIN, ended, startProgram } from "../support/program.js";
import { transcript, writeFiles } from "../support/sessions.js";

const SECRET = "s3cret-w0rd";

/** Roles but `postgres` need their password. */
const ACCESS = "host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n";

withPostgres("a server", () => {
  const folder = mkdtempSync(join(tmpdir(), "session-archiver-access-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const access = join(folder, "pg_hba.conf");
  const server = testServer(async () => {
    await writeFile(access, ACCESS);
    await chmod(folder, 0o755);
    return [`hba_file=${access}`];
  });

  /** The connection string with this user, and a password. */
  const as = (user: string, url = server.url()): string => url.replace("postgres@", `${user}:${SECRET}@`);

  /** A role that needs the password, in a schema of its own. */
  async function newRole(): Promise<{ readonly role: string; readonly schema: string }> {
    const role = `r${Date.now()}`;
    await server.rows(`CREATE ROLE ${role} LOGIN PASSWORD '${SECRET}'`);
    await server.rows(`CREATE SCHEMA ${role} AUTHORIZATION ${role}`);
    return { role, schema: role };
  }

  async function tables(schema: string): Promise<number> {
    return (await server.rows(`SELECT 1 FROM pg_tables WHERE schemaname = '${schema}'`)).length;
  }

  const schemaIn = (store: string): string => new URL(store).searchParams.get("schema") ?? "";

  test("commands that only read say that there is no store, and make no table", async () => {
    const cli = await newCli();
    const store = as("postgres", server.newStore());
    for (const words of [
      ["list"],
      ["info", "a"],
      ["cat", "a"],
      ["show", "a"],
      ["stats"],
      ["verify"],
      ["search", "x"],
    ]) {
      const { exitCode, stderr } = await cli.run("--store", store, "--archives", store, ...words);
      expect([words, exitCode, stderr]).toEqual([words, 1, expect.stringMatching(/no store at ".*--store.*NOT_FOUND/)]);
      expect(stderr).not.toContain(SECRET);
    }
    for (const words of [
      ["sweep", "--dry-run"],
      ["gc", "--dry-run"],
      ["prune", "--dry-run"],
      ["doctor"],
      ["rebuild"],
    ]) {
      const run = await cli.run("--store", store, "--archives", store, ...words);
      expect(run.stderr + run.text).toMatch(/no store at|neither a catalogue/);
    }
    expect(await tables(schemaIn(store))).toBe(0);
    const peeked = await cli.run("--store", store, "__complete", "bash", "--", "cat", "");
    expect([peeked.exitCode, peeked.text, await tables(schemaIn(store))]).toEqual([0, "words\n", 0]);
  });

  test("archives that were named and are not there are missed by what reads them, and made by what writes", async () => {
    const cli = await newCli("--store", "sqlite:live.db", "--archives", server.newStore());
    await writeFiles(cli.folder, { "a.jsonl": transcript(5) });
    await newCliWith(cli, "sqlite:live.db");
    expect((await cli.run("list")).exitCode).toBe(0);
    const missed = await cli.run("gc", "--dry-run");
    expect([missed.exitCode, missed.stderr]).toEqual([1, expect.stringMatching(/no archives at ".*--archives/)]);
    expect((await cli.run("archive", "a")).exitCode).toBe(0);
    expect((await cli.run("gc", "--dry-run")).exitCode).toBe(0);
  });

  /** Imports into the store with other archives. */
  async function newCliWith(cli: Awaited<ReturnType<typeof newCli>>, store: string): Promise<void> {
    const { exitCode } = await cli.run("--store", store, "--archives", "fs:others", "import", "a.jsonl");
    expect(exitCode).toBe(0);
  }

  test("a password works, also by PGPASSWORD, and is in nothing that is printed or kept", async () => {
    const { role, schema } = await newRole();
    const cwd = await newFolder();
    await writeFiles(cwd, { "a.jsonl": transcript(5) });
    const store = `${as(role)}?schema=${schema}`;
    const bare = store.replace(`:${SECRET}`, "");
    const run = (env: Record<string, string>, ...words: string[]) => ended(startProgram({ cwd, env }, ...words));
    const runs = [
      await run({}, "--store", store, "import", "a.jsonl"),
      await run({ PGPASSWORD: SECRET }, "--store", bare, "list", "--json"),
      await run({ PGPASSWORD: SECRET, SESSION_ARCHIVER_STORE: bare }, "sweep", "--inactive-days", "0"),
      await run({ SESSION_ARCHIVER_STORE: store, SESSION_ARCHIVER_ARCHIVES: "fs:home/archives" }, "gc"),
      await run({}, "--store", store, "doctor", "--json"),
    ];
    expect(runs.map(({ exitCode, stderr }) => [exitCode, exitCode === 0 ? "" : stderr])).toEqual(
      runs.map(() => [0, ""]),
    );
    const refused = await run({ PGPASSWORD: "wrong" }, "--store", bare, "list");
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("password authentication failed") });
    const kept = await server.rows(`SELECT convert_from(meta, 'UTF8') AS meta FROM ${schema}.sa_objects`);
    const said = [...runs, refused].map(({ stdout, stderr }) => stdout + stderr).join("");
    expect(said + JSON.stringify(kept)).not.toContain(SECRET);
  });

  test.each<[string, () => string, RegExp]>([
    ["a server that is down", () => `postgres://u:${SECRET}@127.0.0.1:1/db`, /ECONNREFUSED.*UNAVAILABLE/],
    ["a database that is not there", () => `${as("postgres")}x`, /database "postgresx" does not exist.*UNAVAILABLE/],
    ["a wrong password", () => as("stranger"), /password authentication failed for user "stranger".*UNAVAILABLE/],
    ["options that the adapter refuses", () => `${as("postgres")}?schema=a-b`, /schema must be.*INVALID_ARGUMENT/],
    ["a time that is no number", () => `${as("postgres")}?connect_timeout=soon`, /time to connect.*INVALID_ARGUMENT/],
    ["a certificate that is not there", () => `${as("postgres")}?sslrootcert=/no/file`, /no such file.*UNAVAILABLE/i],
    ["an impossible port", () => `postgres://u:${SECRET}@h:99999/db`, /is no URL/],
    ["a password that was not encoded", () => `postgres://u:1#${SECRET}@h/db`, /# or \? before its @|is no URL/],
    ["another scheme", () => `mysql://u:${SECRET}@h/db`, /no store\. Write it as/],
  ])("%s is said, and no password", async (_, store, message) => {
    const cli = await newCli();
    await writeFiles(cli.folder, { "a.jsonl": transcript(5) });
    const runs: Run[] = [];
    for (const words of [
      ["list"],
      ["list", "--json"],
      ["import", "a.jsonl"],
      ["sweep", "--json"],
      ["doctor"],
      ["rebuild"],
    ]) {
      runs.push(await cli.run("--store", store(), ...words));
      const env = { SESSION_ARCHIVER_STORE: store(), SESSION_ARCHIVER_DEBUG: "1" };
      runs.push(await cli.runWith({ env: { ...env, CLAUDE_CONFIG_DIR: "x", CODEX_HOME: "y" } }, ...words));
    }
    for (const { exitCode, text, stderr } of runs) {
      expect([exitCode === 1 || exitCode === 2, text + stderr]).toEqual([
        true,
        expect.stringMatching(message.source.split(".*")[0] ?? ""),
      ]);
      expect(text + stderr).not.toContain(SECRET);
    }
    expect(runs[0]?.stderr).toMatch(message);
    const asWords = [
      await cli.run(store(), "list"),
      await cli.run(store(), "--json"),
      await cli.run("--help", store()),
    ];
    for (const { text, stderr } of asWords) expect(text + stderr).not.toContain(SECRET);
  });

  test("a server that never answers is given up after the time that the connection string says", {
    timeout: 20_000,
  }, async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const { port } = silent.address() as AddressInfo;
    const run = await (await newCli()).run("--store", `postgres://u@127.0.0.1:${port}/d?connect_timeout=1`, "list");
    expect([run.exitCode, run.stderr]).toEqual([1, expect.stringMatching(/connection timeout.*UNAVAILABLE/)]);
  });

  test("a server that is down is damage to doctor, whatever lies there", async () => {
    const down = `postgres://u:${SECRET}@127.0.0.1:1/db`;
    for (const words of [
      ["--store", down],
      ["--archives", down],
      ["--store", down, "--archives", down],
    ]) {
      const cli = await newCli(...words);
      const { exitCode, text } = await cli.run("doctor", "--json");
      const { findings } = JSON.parse(text) as { readonly findings: readonly { readonly kind: string }[] };
      const kind = words[0] === "--store" ? "catalogue-unreadable" : "archives-unreadable";
      expect([exitCode, findings.filter((found) => found.kind === kind)]).toEqual([
        1,
        [expect.objectContaining({ severity: "damage", message: expect.stringContaining("ECONNREFUSED") })],
      ]);
    }
  });

  test("what doctor says to type has the store, but for the password", async () => {
    const store = as("postgres", server.newStore());
    const cli = await newCli("--store", store, "--archives", "fs:archives");
    await writeFiles(cli.folder, { "a.jsonl": transcript(5) });
    await cli.run("import", "a.jsonl");
    await cli.run("archive", "a");
    await server.rows(`DROP SCHEMA ${schemaIn(store)} CASCADE`);
    const { text } = await cli.run("doctor");
    expect(text).toContain(
      `session-archiver --store '${store.replace(`:${SECRET}`, "")}' --archives fs:archives rebuild`,
    );
  });

  test("tables of a newer version are refused, and not changed", async () => {
    const store = server.newStore();
    const cli = await newCli("--store", store);
    await writeFiles(cli.folder, { "a.jsonl": transcript(5) });
    await cli.run("import", "a.jsonl");
    await server.rows(`UPDATE ${schemaIn(store)}.sa_meta SET version = 99`);
    for (const words of [["list"], ["sweep"], ["rebuild"], ["doctor", "--repair"]]) {
      const run = await cli.run(...words);
      expect([words, run.exitCode, run.text + run.stderr]).toEqual([
        words,
        1,
        expect.stringContaining("has schema 99"),
      ]);
    }
  });

  test("variables name the stores, unless the command line names others or a home", async () => {
    const store = server.newStore();
    const cli = await newCli();
    await writeFiles(cli.folder, { "a.jsonl": transcript(5), "b.jsonl": transcript(5) });
    const env = {
      SESSION_ARCHIVER_HOME: "home",
      SESSION_ARCHIVER_STORE: store,
      CLAUDE_CONFIG_DIR: "x",
      CODEX_HOME: "y",
    };
    const ids = async (...words: string[]): Promise<string[]> => {
      const { text } = await cli.runWith({ env }, ...words, "list", "--json");
      return JSON.parse(text).sessions?.map(({ id }: { readonly id: string }) => id) ?? JSON.parse(text).error.code;
    };
    expect((await cli.runWith({ env }, "import", "a.jsonl")).exitCode).toBe(0);
    expect((await cli.runWith({ env }, "--store", "sqlite:own.db", "import", "b.jsonl")).exitCode).toBe(0);
    expect(await ids()).toEqual(["a"]);
    expect(await ids("--store", "sqlite:own.db")).toEqual(["b"]);
    expect(await ids("--home", "home")).toBe("NOT_FOUND");
  });

  test("without the package pg the program says how to install it, and everything else works", async () => {
    const cwd = await newFolder();
    const copy = join(cwd, "copy");
    for (const part of ["bin", "dist", "package.json"]) {
      await mkdir(copy, { recursive: true });
      await cp(join(dirname(BIN), "..", part), join(copy, part), { recursive: true });
    }
    const bin = join(copy, "bin/session-archiver.js");
    await writeFiles(cwd, { "a.jsonl": transcript(5) });
    const store = as("postgres", server.newStore());
    const refused = await ended(startProgram({ cwd, bin }, "--store", store, "import", "a.jsonl"));
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(/needs the package pg, which is not installed.*npm install pg.*INVALID_ARGUMENT/);
    expect((await ended(startProgram({ cwd, bin }, "import", "a.jsonl"))).exitCode).toBe(0);
    expect(await readFile(join(copy, "dist/third-party.md"), "utf8")).not.toMatch(/^## pg\b/m);
  });
});
