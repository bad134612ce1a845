/** How people name sessions: by beginnings of ids, on stdin, with typing errors. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { editDistance } from "../src/suggest.js";
import { type Cli, newCli, type Run } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { transcript, writeFiles } from "./support/sessions.js";

const IDS = ["ab", "abc", "abd/one", "abd/two", "-Users-me/4f9c8a21", "x"];

async function filledCli(ids: readonly string[] = IDS): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, Object.fromEntries(ids.map((id) => [`p/${id}.jsonl`, transcript(3, undefined, id)])));
  expect((await cli.run("import", "p")).exitCode).toBe(0);
  return cli;
}

async function pinned(cli: Cli): Promise<readonly string[]> {
  const sessions = await listAll(cli);
  return sessions.filter((session) => session.pinned).map(({ id }) => id);
}

async function runWithStdin(cli: Cli, text: string | Buffer, ...words: readonly string[]): Promise<Run> {
  return cli.runWith({ stdin: Readable.from([Buffer.from(text)]) }, ...words);
}

describe("a beginning that only one id has", () => {
  test("stands for that id, in every command that takes ids", async () => {
    const cli = await filledCli();
    const text = transcript(3, undefined, "abd/one");
    expect((await cli.run("cat", "abd/o")).text).toBe(text);
    expect((await cli.run("export", "abd/o", "-o", "-")).text).toBe(text);
    expect((await cli.run("verify", "abd/o", "--json")).json()).toMatchObject({ checked: 1, bad: [] });
    const id = "abd/one";
    expect((await cli.run("pin", "abd/o", "--json")).json()).toEqual([{ id, pinned: true }]);
    expect((await cli.run("unpin", "abd/o", "--json")).json()).toEqual([{ id, pinned: false }]);
    expect((await cli.run("archive", "abd/o", "--json")).json()).toMatchObject([{ id, outcome: "archived" }]);
    await cli.run("prune", "--max-total-bytes", "0");
    expect((await cli.run("undo-prune", "abd/o", "--json")).json()).toEqual([{ id, state: "archived" }]);
    expect((await cli.run("restore", "abd/o", "--json")).json()).toMatchObject([{ id }]);
    expect((await cli.run("cat", "--", "-U")).text).toBe(transcript(3, undefined, "-Users-me/4f9c8a21"));
  });

  test("doesn't stand for a longer id if it is a whole id itself", async () => {
    const cli = await filledCli();
    expect((await cli.run("pin", "ab", "--json")).json()).toEqual([{ id: "ab", pinned: true }]);
    expect(await pinned(cli)).toEqual(["ab"]);
  });

  test("costs no listing of all sessions", async () => {
    const cli = await filledCli(["a/1", "b/1"]);
    // Every command that lists sessions reports a row that can't be read.
    const db = new DatabaseSync(join(cli.folder, "home/sessions.db"));
    db.exec("UPDATE sa_objects SET meta = 'no json' WHERE id = 'b/1'");
    db.close();
    expect(await cli.run("pin", "a/")).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await cli.run("pin", "c/")).stderr).toContain("failed");
  });
});

describe("a beginning of several ids", () => {
  test.each([["cat"], ["export"], ["verify"], ["pin"], ["unpin"], ["archive"], ["restore"], ["undo-prune"]])(
    "is a usage error that names them, and nothing is done: %s",
    async (command) => {
      const cli = await filledCli();
      const words = command === "cat" || command === "export" ? ["abd"] : ["x", "abd"];
      const before = (await cli.run("list", "--json")).text;
      const run = await cli.run(command, ...words);
      expect(run).toMatchObject({ exitCode: 2, text: "" });
      expect(run.stderr).toBe(
        'error: "abd" is the beginning of 2 ids. Write more of the one you mean:\n  abd/one\n  abd/two\n',
      );
      const asJson = await cli.run(command, ...words, "--json");
      expect(asJson.json()).toMatchObject({ error: { message: expect.stringContaining("abd/two") } });
      expect((await cli.run("list", "--json")).text).toBe(before);
    },
  );

  test("names no more than ten of them", async () => {
    const cli = await filledCli(Array.from({ length: 30 }, (_, i) => `many/${i}`));
    const run = await cli.run("cat", "many");
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("more than 10 ids");
    expect(run.stderr.match(/^ {2}many\//gm)).toHaveLength(10);
  });
});

describe("ids on stdin", () => {
  test.each([["pin"], ["archive"]])("are read one from each line, in addition to arguments: %s", async (command) => {
    const cli = await filledCli();
    const run = await runWithStdin(cli, "abc\r\n\n-Users-me/4f9c8a21\nabd/t", command, "x", "-", "ab", "--json");
    const ids = run.json<readonly { readonly id: string }[]>().map(({ id }) => id);
    expect(ids).toEqual(["x", "abc", "-Users-me/4f9c8a21", "abd/two", "ab"]);
    expect(run.exitCode).toBe(0);
  });

  test("work with every command of a session's life", async () => {
    const cli = await filledCli();
    const all = `${IDS.join("\n")}\n`;
    for (const [command, state] of [
      ["archive", "archived"],
      ["restore", "live"],
      ["archive", "archived"],
      ["undo-prune", "archived"],
    ] as const) {
      if (command === "undo-prune") await cli.run("prune", "--max-total-bytes", "0");
      expect((await runWithStdin(cli, all, command, "-")).exitCode).toBe(0);
      const sessions = await listAll(cli);
      expect(new Set(sessions.map((session) => session.state))).toEqual(new Set([state]));
    }
  });

  test("may contain line ends if they end with NULs", async () => {
    const cli = await filledCli(["a\nb", "c"]);
    expect((await runWithStdin(cli, "a\nb\0c\0", "pin", "-0", "-", "--json")).json()).toHaveLength(2);
    expect((await runWithStdin(cli, "a\nb\0", "unpin", "--null", "-")).exitCode).toBe(0);
    expect(await pinned(cli)).toEqual(["c"]);
  });

  test("may be empty: then nothing is done, rather than everything", async () => {
    const cli = await filledCli();
    expect((await runWithStdin(cli, "", "pin", "-", "--json")).json()).toEqual([]);
    expect((await runWithStdin(cli, "\n", "verify", "-", "--json")).json()).toMatchObject({ checked: 0, bad: [] });
    expect(await pinned(cli)).toEqual([]);
  });

  test("are a usage error if there is no stdin", async () => {
    const run = await (await filledCli()).run("pin", "-");
    expect(run).toMatchObject({ exitCode: 2, stderr: "error: There is no stdin to read ids from.\n" });
  });

  test("stop being read once the run is interrupted", async () => {
    const cli = await filledCli();
    const controller = new AbortController();
    const stdin = new Readable({ read: () => controller.abort("SIGINT") });
    expect(await cli.runWith({ stdin, signal: controller.signal }, "pin", "-")).toMatchObject({ exitCode: 130 });
  });
});

describe("a wrong id", () => {
  test("gets the nearest ids as suggestions", async () => {
    const cli = await filledCli(["-Users-me-project/4f9c8a21-77aa", "-Users-me-project/0000", "notes", "votes"]);
    const run = await cli.run("cat", "4f9c8a12-77aa");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      'There is no session "4f9c8a12-77aa". Did you mean "-Users-me-project/4f9c8a21-77aa"?',
    );
    const asJson = await cli.run("pin", "8A21", "vots", "nothing like it", "--json");
    const messages = asJson.json<readonly { readonly message: string }[]>().map(({ message }) => message);
    expect(messages).toEqual([
      'There is no session "8A21". Did you mean "-Users-me-project/4f9c8a21-77aa"?',
      'There is no session "vots". Did you mean "votes"?',
      'There is no session "nothing like it".',
    ]);
    expect((await cli.run("verify", "notse", "--json")).json()).toMatchObject({
      checked: 1,
      bad: [{ id: "notse", code: "NOT_FOUND", message: expect.stringContaining('Did you mean "notes"') }],
    });
  });

  test("gets at most three suggestions, the nearest first, and doesn't stop the other ids", async () => {
    const cli = await filledCli(["session-1", "session-2", "session-3", "session-4", "other"]);
    const run = await cli.run("pin", "sesion-1", "other");
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain('Did you mean "session-1", "session-2" or "session-3"? `session-archiver list`');
    expect(await pinned(cli)).toEqual(["other"]);
  });
});

test("distances equal those of the textbook, up to the limit", () => {
  const plain = (a: string, b: string): number => {
    if (a === "" || b === "") return a.length + b.length;
    const [x, y] = [a.slice(1), b.slice(1)];
    return a[0] === b[0] ? plain(x, y) : 1 + Math.min(plain(x, y), plain(a, y), plain(x, b));
  };
  const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 6 });
  fc.assert(
    fc.property(word, word, fc.nat(6), (a, b, most) => {
      const distance = plain(a, b);
      expect(editDistance(a, b, most)).toBe(distance <= most ? distance : undefined);
    }),
  );
});
