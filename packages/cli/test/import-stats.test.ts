/** What an import stores about a session: times, line count, facts. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ListedSession, SessionDetails } from "../src/index.js";
import { newCli } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { DAY_MS, touch, writeFiles } from "./support/sessions.js";

describe("stats", () => {
  const now = Date.UTC(2026, 5, 1);

  async function imported(content: string | Uint8Array, mtime: number): Promise<ListedSession | undefined> {
    const cli = await newCli();
    await writeFiles(cli.folder, { "a.jsonl": content });
    await touch(join(cli.folder, "a.jsonl"), mtime);
    await cli.runWith({ now: () => now }, "import", "a.jsonl");
    return (await listAll(cli))[0];
  }

  test("take the newest timestamp, wherever it is", async () => {
    const text = ["2026-01-03T00:00:00Z", "2026-01-05T00:00:00Z", "2026-01-04T00:00:00Z"]
      .map((timestamp) => `{"timestamp":"${timestamp}"}\n`)
      .join("\n \n");
    expect(await imported(text, now)).toMatchObject({ lineCount: 3, lastActivityMs: Date.UTC(2026, 0, 5) });
  });

  test("leave out times from the future, before 1970, and below the top level", async () => {
    const text = [
      '{"timestamp":"2026-01-03T00:00:00Z"}',
      `{"timestamp":${now + 2 * DAY_MS}}`,
      '{"timestamp":-5}',
      '{"message":{"timestamp":"2026-02-01T00:00:00Z"}}',
      '{"timestamp":"2026-03-01T00:00:00Z"',
    ].join("\n");
    expect(await imported(text, now)).toMatchObject({ lineCount: 5, lastActivityMs: Date.UTC(2026, 0, 3) });
  });

  test("take the file's time if the lines have none, but none later than now", async () => {
    expect(await imported('{"x":1}\n', now - DAY_MS)).toMatchObject({ lineCount: 1, lastActivityMs: now - DAY_MS });
    expect(await imported('{"x":1}\n', now + 3 * DAY_MS)).toMatchObject({ lastActivityMs: now });
  });

  test("don't read lines of more than 4 MiB, but count them", async () => {
    const text = `{"timestamp":"2026-01-03T00:00:00Z"}\n{"timestamp":"2026-02-03T00:00:00Z","x":"${"y".repeat(4 << 20)}"}\n{}`;
    const session = await imported(text, now);
    expect(session).toMatchObject({ lineCount: 3, rawBytes: text.length, lastActivityMs: Date.UTC(2026, 0, 3) });
  });
});

describe("facts", () => {
  test("of an agent's session are in its metadata", async () => {
    const cli = await newCli();
    const common = { sessionId: "s1", cwd: "/home/dev/app", gitBranch: "main", version: "2.1.0" };
    const lines = [
      { ...common, type: "user", uuid: "u1", parentUuid: null, message: { role: "user", content: "Fix the build" } },
      {
        ...common,
        ...{ type: "assistant", uuid: "u2", parentUuid: "u1" },
        message: { id: "m1", role: "assistant", model: "claude-x", content: [{ type: "text", text: "Done" }] },
      },
    ];
    await writeFiles(cli.folder, { "p/x/s1.jsonl": lines.map((line) => `${JSON.stringify(line)}\n`).join("") });
    await cli.run("import", "p");
    const [details] = (await cli.run("info", "s1", "--json")).json<[SessionDetails]>();
    expect(details.id).toBe("claude-code:s1");
    expect(details.meta["session:facts"]).toMatchObject({
      values: {
        ...{ agent: "claude-code", id: "claude-code:s1", cwd: "/home/dev/app", branch: "main", title: "Fix the build" },
        ...{ models: ["claude-x"], messages: { user: 1, assistant: 1 } },
      },
    });
    expect(details.meta["session:source"]).toMatchObject({
      identity: "claude-code:s1",
      location: expect.stringMatching(/p[/\\]x[/\\]s1\.jsonl$/),
      version: expect.stringMatching(/^\d+:\d+:\d+:\d+$/),
    });
    expect(details.meta["session:aliases"]).toEqual(["x/s1"]);
  });
});
