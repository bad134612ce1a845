/** Which session a file holds is decided by complete lines, so that later bytes never change it. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { identityOf } from "../src/import/identity.js";
import { lookAt } from "../src/import/source-file.js";
import { newFolder } from "./support/cli.js";

const signal = new AbortController().signal;
/** As Claude Code writes a subagent's lines: the session's id comes before the agent's id. */
const SUB = JSON.stringify({
  parentUuid: null,
  ...{ isSidechain: true, userType: "external", cwd: "/w", sessionId: "s1", version: "2.1.0", gitBranch: "main" },
  ...{
    agentId: "a1",
    type: "user",
    message: { role: "user", content: "go" },
    uuid: "u1",
    timestamp: "2026-01-15T10:00:00Z",
  },
});

async function identify(bytes: string | Uint8Array, name = "s.jsonl"): Promise<string | undefined> {
  const path = join(await newFolder(), name);
  await writeFile(path, bytes);
  return identityOf(await lookAt(path, name.endsWith(".gz") ? "gzip" : "plain"), signal);
}

test("a line that is cut off anywhere decides nothing", async () => {
  for (let size = 1; size < SUB.length; size += 7)
    expect([size, await identify(SUB.slice(0, size))]).toEqual([size, undefined]);
  for (const whole of [SUB, `${SUB}\n`, `${SUB}\n{"torn`])
    expect(await identify(whole)).toBe("claude-code:s1/agent-a1");
});

test("text after the first 256 KiB, or after the first line if that is longer, doesn't count", async () => {
  const filler = `${JSON.stringify({ x: "y".repeat(1000) })}\n`;
  expect(await identify(filler.repeat(100) + SUB)).toBe("claude-code:s1/agent-a1");
  expect(await identify(filler.repeat(300) + SUB)).toBeUndefined();
  const long = SUB.replace('"go"', `"${"go ".repeat(200_000)}"`);
  for (const name of ["s.jsonl", "s.jsonl.gz"]) {
    const pack = (text: string): Uint8Array => (name === "s.jsonl" ? Buffer.from(text) : gzipSync(text));
    expect(await identify(pack(`${long}\n${filler}`), name)).toBe("claude-code:s1/agent-a1");
    expect(await identify(pack(long), name)).toBe("claude-code:s1/agent-a1");
    expect(await identify(pack("x".repeat(6_000_000)), name)).toBeUndefined();
  }
});
