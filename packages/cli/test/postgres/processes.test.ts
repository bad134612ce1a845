/** Several processes on one store at once, and a server that goes away under them. */
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
    const program = programIn(await newFolder(), ["--store", server.newStore()]);
    const names = Array.from({ length: 60 }, (_, n) => [`p/s${n}.jsonl`, transcript(200, undefined, `s${n}`)]);
    await writeFiles(program.folder, Object.fromEntries(names));
    const running = program.run("import", "p", "--json");
    while (!(await isBegun(program))) await Promise.resolve();
    await server.server().kill();
    const { exitCode, stdout } = await running;
    const { code, failed = [] } = JSON.parse(stdout).error ?? JSON.parse(stdout);
    expect([exitCode, code ?? failed[0]?.code]).toEqual([1, "UNAVAILABLE"]);
    expect((await program.run("list")).stderr).toContain("UNAVAILABLE");
    await server.server().startAgain();
    await program.json("import", "p");
    const files = await filesBy(program);
    expect(files.size).toBe(60);
    await expectWhole(program, files, 60);
  });

  /** Whether a session of the import is there. */
  async function isBegun(program: ReturnType<typeof programIn>): Promise<boolean> {
    const { exitCode, stdout } = await program.run("list", "--all", "--json");
    return exitCode === 0 && JSON.parse(stdout).sessions.length > 0;
  }
});
