/** Lines as Codex writes them. */
import { type Clock, uuid } from "./claude-code.js";
import type { Random } from "./random.js";
import { code, prose, type Vocabulary } from "./text.js";

/** An endless session. */
export function* codexLines(random: Random, vocabulary: Vocabulary, clock: Clock): Generator<string> {
  const line = (type: string, payload: unknown): string => JSON.stringify({ timestamp: clock.tick(), type, payload });
  const message = (role: string, words: number): string =>
    line("response_item", {
      type: "message",
      role,
      content: [{ type: "text", text: prose(random, vocabulary, words) }],
    });
  yield line("session_meta", {
    id: uuid(random),
    cwd: "/home/dev/project",
    originator: "codex_cli",
    cli_version: "0.99.0",
  });
  for (;;) {
    yield message("user", 5 + random.below(60));
    for (let turn = 1 + random.below(8); turn > 0; turn--) {
      const call_id = `call_${random.hex(24)}`;
      const call = {
        command: ["bash", "-lc", `sed -n '1,80p' ${random.skewed(vocabulary.paths)}`],
        workdir: "/home/dev/project",
      };
      yield line("response_item", { type: "function_call", name: "shell", arguments: JSON.stringify(call), call_id });
      const output =
        random.next() < 0.6
          ? code(random, vocabulary, 5 + random.below(80))
          : prose(random, vocabulary, 20 + random.below(200));
      yield line("response_item", {
        type: "function_call_output",
        call_id,
        output: JSON.stringify({ output, metadata: { exit_code: 0 } }),
      });
      yield line("event_msg", {
        type: "token_count",
        info: { total_token_usage: { input_tokens: random.below(90_000) } },
      });
    }
    yield message("assistant", 20 + random.below(100));
  }
}
