/** cli: its main commands, each in a process of its own, on the transcripts in the folder that is named. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

const BIN = fileURLToPath(new URL("../node_modules/.bin/session-archiver", import.meta.url));
const [folder = ""] = process.argv.slice(2);
const IDS = ["gzipped", "plain", "zstd"];
const expected = (id: string): string => readFileSync(`${folder}/expected/${id}.jsonl`, "utf8");

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, "--home", "home", ...args], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  assert.equal(status, 0, `${args.join(" ")}: exit code ${status}: ${stderr}`);
  return stdout;
}

function expectStates(...states: string[]): void {
  const { sessions } = JSON.parse(run("list", "--all", "--json")) as {
    readonly sessions: readonly { readonly id: string; readonly state: string }[];
  };
  const found = sessions.map(({ id, state }) => `${id}: ${state}`);
  assert.deepEqual(found.sort(), IDS.map((id, i) => `${id}: ${states[i]}`).sort());
}

run("import", `${folder}/transcripts`);
expectStates("live", "live", "live");
run("sweep", "--inactive-days", "7");
expectStates("archived", "archived", "archived");

const files = readdirSync("home").sort();
for (const id of IDS) assert.ok(run("cat", id) === expected(id), `cat ${id}: other bytes`);
assert.equal(
  run("cat", "plain", "--tail", "2"),
  expected("plain")
    .split(/(?<=\n)/)
    .slice(-2)
    .join(""),
);
const { checked, bad } = JSON.parse(run("verify", "--json"));
assert.deepEqual({ checked, bad }, { checked: IDS.length, bad: [] });
run("stats");
assert.deepEqual(readdirSync("home").sort(), files, "reading leaves nothing behind");

run("export", "plain", "-o", "export.jsonl.gz", "--force");
assert.ok(gunzipSync(readFileSync("export.jsonl.gz")).toString() === expected("plain"), "export: other bytes");
run("restore", "plain");
expectStates("archived", "live", "archived");
assert.ok(run("cat", "plain") === expected("plain"), "restored: other bytes");
run("import", `${folder}/transcripts`, "--strict");
run("archive", "plain");
run("gc");
assert.ok(run("cat", "plain") === expected("plain"), "archived again: other bytes");
