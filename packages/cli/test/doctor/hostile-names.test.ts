/** Names from outside in what doctor prints: nothing of them reaches the terminal, and a pasted command means them. */
import { spawnSync } from "node:child_process";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { remedyText, withStores } from "../../src/doctor/remedies.js";
import { newCli, newFolder } from "../support/cli.js";
import { filesIn } from "../support/doctor.js";
import { flipByte } from "../support/flip-byte.js";
import { doctor, must } from "../support/planted.js";
import { transcript, writeFiles } from "../support/sessions.js";

const HOSTILE = [
  "--all",
  "-x",
  "a'b",
  'a"$(touch no)`x`',
  "a\nb",
  "a\u001b[31mb",
  "a\u202eb",
  "a\\n%s%%b",
  " a ",
  "",
  "*",
  "~",
];
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;

/** Runs commands in a POSIX shell with a program that notes what it was given. */
async function pasting(): Promise<(command: string) => Promise<readonly string[]>> {
  const folder = await newFolder();
  const fake = join(folder, "session-archiver");
  const said = join(folder, "said");
  await writeFile(fake, `#!/bin/sh\nfor word; do printf '%s\\0' "$word"; done > '${said}'\n`);
  await chmod(fake, 0o755);
  return async (command) => {
    const env = { ...process.env, PATH: `${folder}:${process.env["PATH"]}` };
    const { status, stderr } = spawnSync("/bin/sh", ["-c", command], { cwd: folder, env, encoding: "utf8" });
    expect([status, stderr]).toEqual([0, ""]);
    return (await readFile(said, "utf8")).split("\0").slice(0, -1);
  };
}

test("a command that is pasted into a shell gives the program the very ids and stores", async () => {
  const paste = await pasting();
  for (const word of HOSTILE) {
    const options = { home: `/h/${word}`, store: { kind: "sqlite", path: `/s/${word}` } } as const;
    const command = remedyText("salvage", [word, "plain"], options) ?? "";
    expect(command).not.toMatch(UNSEEN);
    const ids = word.startsWith("-") ? ["--", word, "plain"] : [word, "plain"];
    expect(await paste(command)).toEqual(["--home", `/h/${word}`, "--store", `sqlite:/s/${word}`, "salvage", ...ids]);
    const [, inWords = ""] = withStores("make it again: session-archiver rebuild", options).split("again: ");
    expect(await paste(inWords)).toEqual(["--home", `/h/${word}`, "--store", `sqlite:/s/${word}`, "rebuild"]);
  }
});

test("of any id, the command means the id or names none", async () => {
  const paste = await pasting();
  const ids = fc.string({ unit: "binary", minLength: 1, maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(ids, async (id) => {
      const command = remedyText("salvage", [id], {}) ?? "";
      expect(command).not.toMatch(UNSEEN);
      const words = await paste(command);
      expect([id, "--repair"]).toContain(words.at(-1));
    }),
    { numRuns: 60 },
  );
});

test("ids that no shell can be given are left to the repair", () => {
  for (const id of ["a\0b", "a\n", "a\ud800"]) {
    expect(remedyText("salvage", [id], {})).toBe("session-archiver doctor --repair");
  }
});

test("no control character of an id or a file's name reaches the terminal", async () => {
  const cli = await newCli();
  const name = "a\u001b]0;x\u0007\u202eb";
  await writeFiles(cli.folder, { [`p/${name}.jsonl`]: transcript(20) });
  await must(cli, "import", "p");
  await must(cli, "archive", "--", name);
  const home = join(cli.folder, "home");
  await rm(join(cli.folder, "p"), { recursive: true });
  const archive = (await filesIn(join(home, "archives"))).find((path) => path.endsWith(".jsonl.gz")) ?? "";
  await flipByte(archive, 0.5);
  await mkdir(join(home, "archives", "x\u001b[2J"), { mode: 0o700 });
  await writeFile(join(home, "archives", "x\u001b[2J", "y\u001b[3J\n"), "z", { mode: 0o600 });
  for (const words of [["doctor"], ["doctor", "--repair", "--dry-run"], ["doctor", "--repair"]]) {
    const { text, stderr } = await cli.run(...words);
    expect((text + stderr).replaceAll("\n", "")).not.toMatch(UNSEEN);
  }
  expect((await doctor(cli)).findings.map(({ kind }) => kind)).toContain("foreign-files");
});

test("each line of a repair is printed as one", async () => {
  const cli = await newCli();
  await writeFiles(cli.folder, { "p/a.jsonl": transcript(20) });
  await must(cli, "import", "p");
  await must(cli, "archive", "a");
  await rm(join(cli.folder, "home", "sessions.db"));
  const { stderr } = await cli.run("doctor", "--repair");
  expect(stderr).toContain("did: Made 1 session anew.\n");
  expect(stderr).not.toContain("\\u{a}");
});
