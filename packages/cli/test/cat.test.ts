import { toBytes } from "@session-archiver/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Cli, newCli } from "./support/cli.js";
import { listAll } from "./support/listed.js";
import { transcript, writeFiles } from "./support/sessions.js";

/** Every byte value, CRLF, blank lines and no final newline. */
const ODD = Buffer.concat([
  Buffer.from("one\r\n\n  \ntwo\n"),
  Buffer.from(Array.from({ length: 256 }, (_, i) => i)),
  Buffer.from("\nlast without end"),
]);

/** The lines with their ends; the last one may have none. */
function linesOf(bytes: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const newline = bytes.indexOf(10, at);
    const end = newline === -1 ? bytes.length : newline + 1;
    lines.push(bytes.subarray(at, end));
    at = end;
  }
  return lines;
}

async function cliWith(content: string | Uint8Array, ...commands: readonly (readonly string[])[]): Promise<Cli> {
  const cli = await newCli();
  await writeFiles(cli.folder, { "s.jsonl": content });
  await cli.run("import", "s.jsonl");
  for (const words of commands) expect((await cli.run(...words)).exitCode).toBe(0);
  return cli;
}

describe.each([
  ["live", []],
  ["archived", [["archive", "s"]]],
] as const)("of a session that is %s", (_, commands) => {
  test("writes the exact bytes", async () => {
    const cli = await cliWith(ODD, ...commands);
    const run = await cli.run("cat", "s");
    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout.equals(ODD)).toBe(true);
  });

  test("writes the requested lines, as tail and sed would", async () => {
    const cli = await cliWith(ODD, ...commands);
    const lines = linesOf(ODD);
    await fc.assert(
      fc.asyncProperty(fc.nat(lines.length + 2), fc.nat(lines.length + 2), async (a, b) => {
        const [from, to] = [Math.min(a, b) + 1, Math.max(a, b) + 1];
        const slice = (start: number, end?: number): Buffer => Buffer.concat(lines.slice(start, end));
        const cat = async (...words: string[]): Promise<Buffer> => (await cli.run("cat", "s", ...words)).stdout;
        expect(await cat("--tail", String(a))).toEqual(slice(Math.max(0, lines.length - a)));
        expect(await cat("--lines", `${from}:${to}`)).toEqual(slice(from - 1, to));
        expect(await cat("--lines", `${from}:`)).toEqual(slice(from - 1));
        expect(await cat("--lines", `:${to}`)).toEqual(slice(0, to));
        expect(await cat("--lines", `${to}`)).toEqual(slice(to - 1, to));
      }),
      { numRuns: 15 },
    );
  });

  test("writes everything from a time on", async () => {
    const times = ["2026-01-31T09:00:00Z", "2026-01-31T10:00:00Z", "2026-01-31T09:30:00Z"];
    const lines = [...times.map((timestamp) => `${JSON.stringify({ timestamp })}\n`), "{}\n"];
    const cli = await cliWith(lines.join(""), ...commands);
    for (const [since, first] of [
      ["2026-01-31T08:00Z", 0],
      ["2026-01-31 09:00:01Z", 1],
      ["2026-01-31T12:00+02:00", 1],
      ["2026-01-31T10:00:01Z", 4],
    ] as const) {
      const run = await cli.run("cat", "s", "--since", since);
      expect(run).toMatchObject({ exitCode: 0, text: lines.slice(first).join("") });
    }
  });

  test("prints one JSON document that holds the exact bytes", async () => {
    const cli = await cliWith(ODD, ...commands);
    for (const words of [[], ["--tail", "2"], ["--lines", "1:1"], ["--tail", "0"]]) {
      const raw = (await cli.run("cat", "s", ...words)).stdout;
      const document = (await cli.run("cat", "s", ...words, "--json")).json<{ data: string }>();
      expect(document).toEqual({ id: "s", encoding: "base64", data: raw.toString("base64"), bytes: raw.length });
    }
  });
});

describe("of a session that is damaged", () => {
  test("exits with 1, but still prints the JSON document", async () => {
    // Longer than one segment of the archive, so that the damage appears half-way.
    const cli = await cliWith(transcript(15_000), ["archive", "s"]);
    const { openFsArchives } = await import("@session-archiver/adapter-fs");
    const archives = openFsArchives(`${cli.folder}/home/archives`);
    const key = (await listAll(cli))[0]?.archiveKey ?? "";
    const bytes = await toBytes(archives.read(key));
    bytes[bytes.length - 100] = (bytes[bytes.length - 100] ?? 0) ^ 0xff;
    await archives.delete(key);
    await archives.put(
      key,
      (async function* () {
        yield bytes;
      })(),
    );
    await archives.close();

    const plain = await cli.run("cat", "s");
    expect(plain.exitCode).toBe(1);
    expect(plain.stderr).toContain("[CORRUPT]");
    expect(transcript(15_000).startsWith(plain.text)).toBe(true);
    const run = await cli.run("cat", "s", "--json");
    expect(run.exitCode).toBe(1);
    const document = run.json<{ data: string }>();
    expect(document).toMatchObject({ id: "s", error: { code: "CORRUPT" } });
    expect(Buffer.from(document.data, "base64").toString()).toBe(plain.text);
  });
});
