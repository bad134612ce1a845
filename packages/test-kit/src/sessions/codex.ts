/** A session in the format of Codex. */
import { codexHead, codexMessage, codexShellCall, codexShellOutput, codexTokens } from "@session-archiver/transcripts";
import { type Clock, uuid } from "./claude-code.js";
import type { Random } from "./random.js";
import { code, prose, type Vocabulary } from "./text.js";

const CWD = "/home/dev/project";

/** An endless session. */
export function* codexLines(random: Random, vocabulary: Vocabulary, clock: Clock): Generator<string> {
  const say = (role: "user" | "assistant", words: number): string => {
    const time = clock.tick();
    return codexMessage(role, prose(random, vocabulary, words), time);
  };
  let used = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const id = uuid(random);
  yield codexHead({ id, cwd: CWD, originator: "codex_cli", cli_version: "0.99.0" }, clock.tick());
  for (;;) {
    yield say("user", 5 + random.below(60));
    for (let turn = 1 + random.below(8); turn > 0; turn--) {
      const callId = `call_${random.hex(24)}`;
      yield codexShellCall(callId, `sed -n '1,80p' ${random.skewed(vocabulary.paths)}`, CWD, clock.tick());
      const output =
        random.next() < 0.6
          ? code(random, vocabulary, 5 + random.below(80))
          : prose(random, vocabulary, 20 + random.below(200));
      yield codexShellOutput(callId, { output, exitCode: 0 }, clock.tick());
      const step = random.below(90_000);
      used = { ...used, input: used.input + (step % 1000), cacheRead: used.cacheRead + step, output: used.output + 90 };
      yield codexTokens(used, clock.tick());
    }
    yield say("assistant", 20 + random.below(100));
  }
}
