/** A session that begins like a real one, and is as long. */
import { generateSession } from "@session-archiver/test-kit/sessions";
import { type ClaudeCodePart, claudeCodeWriter } from "@session-archiver/transcripts";

export const CONVERSATION = "The importer starts over when it is interrupted. Can it resume?";

const HOUR_MS = 60 * 60 * 1000;
const READ = `export async function importFile(path: string, store: Store): Promise<void> {
  await store.clear(path);
  for await (const line of lines(createReadStream(path))) await store.append(path, line);
}`;
const EDIT = {
  file_path: "src/import/import-file.ts",
  old_string: `  await store.clear(path);
  for await (const line of lines(createReadStream(path))) await store.append(path, line);`,
  new_string: `  const { size } = await store.stat(path);
  for await (const line of lines(createReadStream(path, { start: size }))) await store.append(path, line);`,
};

/** The bytes of a Claude Code transcript whose last line is four days old. */
export function conversation(): Uint8Array {
  const start = Date.now() - 4 * 24 * HOUR_MS - HOUR_MS;
  const writer = claudeCodeWriter({
    sessionId: "7f3c2a10-5b1e-4c55-9d0a-3e8f6a2b4c1d",
    cwd: "/home/ada/importer",
    version: "2.1.4",
    gitBranch: "resume-imports",
    model: "claude-sonnet-4-5",
  });
  let count = 0;
  const stamp = () => ({ uuid: `line-${++count}`, timestamp: new Date(start + count * 20_000).toISOString() });
  const says = (...content: ClaudeCodePart[]): string =>
    writer.answer(
      { id: `msg_${count}`, content, usage: { input: 900, output: 120, cacheRead: 4000, cacheWrite: 0 } },
      stamp(),
    );
  const lines = [
    writer.prompt(CONVERSATION, stamp()),
    says(
      { type: "text", text: "I'll look at how it reads the file first." },
      { type: "tool_use", id: "call-1", name: "Read", input: { file_path: EDIT.file_path } },
    ),
    writer.toolResult({ tool_use_id: "call-1", content: READ }, stamp()),
    says(
      {
        type: "text",
        text: "It clears the session before it reads. I'll let it go on from the bytes that are stored already:",
      },
      { type: "tool_use", id: "call-2", name: "Edit", input: EDIT },
    ),
    writer.toolResult({ tool_use_id: "call-2", content: `The file ${EDIT.file_path} has been updated.` }, stamp()),
    says(
      { type: "text", text: "Now a test that stops an import half-way and runs it again." },
      { type: "tool_use", id: "call-3", name: "Bash", input: { command: "npm test -- import" } },
    ),
    writer.toolResult({ tool_use_id: "call-3", content: "✓ resumes where it stopped (12 ms)\n\n14 passed" }, stamp()),
    says({ type: "text", text: "An interrupted import now resumes where it stopped." }),
  ];
  const rest = generateSession({ seed: 5, kind: "claude-code", bytes: 2_400_000, startMs: start + 0.5 * HOUR_MS });
  return Buffer.concat([Buffer.from(`${lines.join("\n")}\n`), ...rest]);
}
