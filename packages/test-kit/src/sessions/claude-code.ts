/** A session in the format of Claude Code. */
import { claudeCodeSummary, claudeCodeWriter } from "@session-archiver/transcripts";
import type { Random } from "./random.js";
import { code, prose, type Vocabulary } from "./text.js";

export interface Clock {
  /** ISO 8601, a little later each time. */
  tick(): string;
}

export function uuid(random: Random): string {
  return `${random.hex(8)}-${random.hex(4)}-4${random.hex(3)}-a${random.hex(3)}-${random.hex(12)}`;
}

/** An endless session. */
export function* claudeCodeLines(random: Random, vocabulary: Vocabulary, clock: Clock): Generator<string> {
  const writer = claudeCodeWriter({
    sessionId: uuid(random),
    cwd: "/home/dev/project",
    version: "2.1.4",
    gitBranch: "main",
    model: "claude-sonnet-4-5",
  });
  const stamp = (): { readonly uuid: string; readonly timestamp: string } => ({
    uuid: uuid(random),
    timestamp: clock.tick(),
  });
  yield claudeCodeSummary(prose(random, vocabulary, 6), uuid(random));
  for (;;) {
    const asked = stamp();
    yield writer.prompt(prose(random, vocabulary, 5 + random.below(60)), asked);
    for (let turn = 1 + random.below(8); turn > 0; turn--) {
      const toolId = `toolu_${random.hex(24)}`;
      const usage = {
        input: random.below(20),
        cacheRead: random.below(90_000),
        output: random.below(900),
        cacheWrite: 0,
      };
      const content = [
        { type: "text", text: prose(random, vocabulary, 5 + random.below(40)) },
        { type: "tool_use", id: toolId, name: "Read", input: { file_path: random.skewed(vocabulary.paths) } },
      ] as const;
      yield writer.answer({ id: `msg_${random.hex(24)}`, content, usage }, stamp());
      const output =
        random.next() < 0.6
          ? code(random, vocabulary, 5 + random.below(80))
          : prose(random, vocabulary, 20 + random.below(200));
      yield writer.toolResult({ tool_use_id: toolId, content: output }, stamp());
    }
  }
}
