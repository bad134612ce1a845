/** Lines as Claude Code writes them. */
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
  const sessionId = uuid(random);
  let parentUuid: string | null = null;
  const envelope = (type: string): Record<string, unknown> => {
    const id = uuid(random);
    const line = {
      parentUuid,
      isSidechain: false,
      userType: "external",
      cwd: "/home/dev/project",
      sessionId,
      version: "2.1.4",
      gitBranch: "main",
      type,
      uuid: id,
      timestamp: clock.tick(),
    };
    parentUuid = id;
    return line;
  };
  yield JSON.stringify({ type: "summary", summary: prose(random, vocabulary, 6), leafUuid: uuid(random) });
  for (;;) {
    yield JSON.stringify({
      ...envelope("user"),
      message: { role: "user", content: prose(random, vocabulary, 5 + random.below(60)) },
    });
    for (let turn = 1 + random.below(8); turn > 0; turn--) {
      const toolId = `toolu_${random.hex(24)}`;
      const usage = {
        input_tokens: random.below(20),
        cache_read_input_tokens: random.below(90_000),
        output_tokens: random.below(900),
      };
      const content = [
        { type: "text", text: prose(random, vocabulary, 5 + random.below(40)) },
        { type: "tool_use", id: toolId, name: "Read", input: { file_path: random.skewed(vocabulary.paths) } },
      ];
      const message = { id: `msg_${random.hex(24)}`, role: "assistant", model: "claude-sonnet-4-5", content, usage };
      yield JSON.stringify({ ...envelope("assistant"), message });
      const output =
        random.next() < 0.6
          ? code(random, vocabulary, 5 + random.below(80))
          : prose(random, vocabulary, 20 + random.below(200));
      const result = { type: "tool_result", tool_use_id: toolId, content: output };
      yield JSON.stringify({ ...envelope("user"), message: { role: "user", content: [result] } });
    }
  }
}
