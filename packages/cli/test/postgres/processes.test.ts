/** Several processes on one store at once, and a server that goes away under them. */
import { Client } from "pg";
import { expect, test } from "vitest";
import { newFolder } from "../support/cli.js";
import { testServer, withPostgres } from "../support/postgres.js";
import { expectWhole, filesBy, listedBy, programIn, sessionsFor } from "../support/real-sessions.js";
import { transcript, writeFiles } from "../support/sessions.js";

withPostgres("a server", () => {
  const server = testServer();

  test.for(["directly", "through a pooler in transaction mode"])(
    "imports, sweeps and reads of several processes at once lose and double nothing: %s",
    { timeout: 600_000 },
    async (way, { skip }) => {
      const url = way === "directly" ? server.url() : server.pooled();
      if (url === undefined) return skip("there is no PgBouncer on this machine");
      const store = server.newStore(url);
      const always = ["--store", store, "--archives", store];
      // Machines share the server and nothing else.
      const programs = await Promise.all([1, 2, 3].map(async () => programIn(await newFolder(), always)));
      const [first = expect.unreachable()] = programs;
      const from = await sessionsFor(first);
      const imports = await Promise.all(
        programs.map((program) => program.json<{ imported: number }>("import", ...from)),
      );
      const files = await filesBy(first);
      expect(imports.reduce((sum, { imported }) => sum + imported, 0)).toBe(files.size);
      const inactive = ["--inactive-days", "0"];
      const [reading, ...sweeps] = await Promise.all([
        expectWhole(first, files, 4),
        ...programs.map((program) => program.json<{ archivedCount: number }>("sweep", ...inactive)),
      ]);
      expect(reading).toBeUndefined();
      const archived = (await listedBy(first)).filter(({ state }) => state === "archived").length;
      expect(sweeps.reduce((sum, { archivedCount }) => sum + archivedCount, 0)).toBe(archived);
      expect(archived).toBeGreaterThan(2);
      const [verified] = await Promise.all([
        first.json<{ checked: number; bad: unknown[] }>("verify"),
        ...programs.map((program) => program.json("gc", "--grace", "0")),
      ]);
      expect(verified).toMatchObject({ checked: files.size, bad: [] });
      await expectWhole(first, files, 4);
      expect(await first.json("doctor")).toMatchObject({ healthy: true });
    },
  );

  test("a server that is killed in an import fails it, and the next import finishes", {
    timeout: 600_000,
  }, async () => {
    const store = server.newStore();
    const program = programIn(await newFolder(), ["--store", store]);
    const names = Array.from({ length: 24 }, (_, n) => [`p/s${n}.jsonl`, transcript(200, undefined, `s${n}`)]);
    await writeFiles(program.folder, { ...Object.fromEntries(names), "first/s.jsonl": transcript(20) });
    await program.json("import", "first");
    const held = await holdImports(schemaOf(store), 8);
    const running = program.run("import", "p", "--json");
    await held.isWaiting();
    await server.server().kill();
    await held.end();
    const { exitCode, stdout } = await running;
    const { code, failed = [] } = JSON.parse(stdout).error ?? JSON.parse(stdout);
    expect([exitCode, code ?? failed[0]?.code]).toEqual([1, "UNAVAILABLE"]);
    expect((await program.run("list")).stderr).toContain("UNAVAILABLE");
    await server.server().startAgain();
    await program.json("import", "p");
    const files = await filesBy(program);
    expect(files.size).toBe(25);
    await expectWhole(program, files, 26);
  });

  const schemaOf = (store: string): string => new URL(store).searchParams.get("schema") ?? expect.unreachable();

  /** From the session after `count` on, an import waits in the server: it can't end before the server is killed. */
  async function holdImports(schema: string, count: number) {
    const client = new Client({ connectionString: server.url() });
    client.on("error", () => {}); // The server is killed.
    await client.connect();
    await client.query(`
      SELECT pg_advisory_lock(1);
      CREATE FUNCTION "${schema}".wait_after_some() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF (SELECT count(*) FROM "${schema}".sa_objects) > ${count} THEN PERFORM pg_advisory_xact_lock(1); END IF;
          RETURN NULL;
        END $$;
      CREATE TRIGGER wait_after_some AFTER INSERT ON "${schema}".sa_objects EXECUTE FUNCTION "${schema}".wait_after_some();
    `);
    const waiting = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    return {
      isWaiting: async () => {
        while ((await client.query(waiting)).rowCount === 0);
      },
      end: () => client.end().catch(() => {}),
    };
  }
});
