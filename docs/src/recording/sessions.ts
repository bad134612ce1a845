/** The sessions of the recording: a week's work with two agents, laid out as these lay it. */
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generateSession } from "@session-archiver/test-kit/sessions";
import { type ClaudeCodeWriter, claudeCodeWriter } from "@session-archiver/transcripts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const ID = "7c1e5a90-3b1f-4d57-9a57-2f0c6e1d8b44";
const CWD = "/home/me/shop";

const usage = { input: 1800, output: 240, cacheRead: 21_000, cacheWrite: 900 };

/** What is looked for: said five weeks ago. */
function lostUpdate(startMs: number): string {
  const write: ClaudeCodeWriter = claudeCodeWriter({
    sessionId: ID,
    cwd: CWD,
    version: "2.1.328",
    gitBranch: "checkout",
    model: "claude-sonnet-4-5",
  });
  let tick = 0;
  const stamp = () => {
    tick++;
    return {
      uuid: `${ID.slice(0, 24)}${String(tick).padStart(12, "0")}`,
      timestamp: new Date(startMs + tick * 40_000).toISOString(),
    };
  };
  const says = (text: string) => write.answer({ id: `msg_${tick}`, content: [{ type: "text", text }], usage }, stamp());
  const calls = (name: string, input: object) =>
    write.answer(
      { id: `msg_${tick}`, content: [{ type: "tool_use", id: `toolu_${tick}`, name, input }], usage },
      stamp(),
    );
  const result = (content: string) => write.toolResult({ tool_use_id: `toolu_${tick - 1}`, content }, stamp());
  const lines = [
    write.prompt("Two customers bought the last pair of boots. How can that be?", stamp()),
    says("I'll look at how stock is taken off when an order is placed."),
    calls("Grep", { pattern: "stock", path: "src/orders" }),
    result(
      "src/orders/place.ts:41:  const { stock } = await db.get(item);\\nsrc/orders/place.ts:44:  await db.set(item, { stock: stock - 1 });",
    ),
    says(
      "It is a lost update: both requests read a stock of 1, and both write 0. The read and the write must be one step: " +
        "compare-and-swap on the row's version, and try again if it has changed.",
    ),
    write.prompt("Do that, with a test that fails before.", stamp()),
    calls("Edit", {
      file_path: `${CWD}/src/orders/place.ts`,
      old_string: "await db.set(item, { stock: stock - 1 });",
      new_string: "await db.swap(item, version, { stock: stock - 1 });",
    }),
    result("The file has been updated."),
    calls("Bash", { command: "npm test -- orders" }),
    result("Tests  14 passed (14)"),
    says("Done: 200 buyers at once now sell exactly one pair. The test failed in 9 of 10 runs before."),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** Writes them below a home folder. `now`: unix ms. */
export async function writeSessions(home: string, now: number): Promise<void> {
  const projects = join(home, ".claude/projects");
  const found = now - 36 * DAY_MS;
  await put(join(projects, "-home-me-shop", `${ID}.jsonl`), Buffer.from(lostUpdate(found)), found + HOUR_MS);
  for (let n = 1; n <= 11; n++) {
    const startMs = now - n * 4.3 * DAY_MS;
    const kind = n % 3 === 0 ? "codex" : "claude-code";
    const session = Buffer.concat([...generateSession({ seed: n, bytes: 40_000 * n, kind, startMs })]);
    const id = /"(?:sessionId|id)":"([0-9a-f-]{36})"/.exec(session.toString())?.[1] ?? `session-${n}`;
    const day = new Date(startMs).toISOString();
    const name = `rollout-${day.slice(0, 19).replaceAll(":", "-")}-${id}.jsonl`;
    const path =
      kind === "codex"
        ? join(home, ".codex/sessions", day.slice(0, 10).replaceAll("-", "/"), name)
        : join(projects, "-home-me-app", `${id}.jsonl`);
    await put(path, session, startMs + HOUR_MS);
  }
}

async function put(path: string, bytes: Uint8Array, unixMs: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, bytes);
  await utimes(path, unixMs / 1000, unixMs / 1000);
}
