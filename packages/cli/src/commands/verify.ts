import type { SessionFailure, VerifyReport } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import { type IdOptions, namedSessions, takingIds } from "../ids.js";
import { count } from "../output/text.js";
import { failureLine } from "../sessions.js";

export const addVerify: AddCommand = (program, action) => {
  takingIds(program.command("verify"), "[id...]")
    .description("read sessions to the last byte and say what is wrong with them; without ids, all sessions")
    .action(action(verify, "read"));
};

async function verify(context: CommandContext, words: string[], options: IdOptions): Promise<boolean> {
  const { archiver, output, signal, unreadable } = context;
  // Nothing on stdin is nothing to check, not everything.
  const named = words.length > 0 ? await namedSessions(context, words, options) : undefined;
  const missing = new Map(named?.map((session) => [session.id, session.missing]));
  const ids = named?.map(({ id }) => id) ?? (await allIds(context));
  const readable = await output.withProgress({ label: "verify", total: ids.length, unit: "sessions" }, (progress) => {
    function* oneByOne(): Generator<string> {
      for (const [done, id] of ids.entries()) {
        progress.update(done, id);
        yield id;
      }
    }
    // Without any, the library says whether there should be some.
    return archiver.verifyAll(named || ids.length > 0 ? oneByOne() : undefined, { signal });
  });
  const bad = readable.bad.map((failure) => ({
    ...failure,
    message: missing.get(failure.id)?.message ?? failure.message,
  }));
  const report = { checked: readable.checked + unreadable.length, bad: [...unreadable, ...bad] };
  for (const failure of bad) output.note(failureLine(failure));
  await output.result(report, textOf(report));
  return report.bad.length === 0;
}

/** Also of those that can't be looked at: the library says what is wrong with them. */
async function allIds({ archiver, signal }: CommandContext): Promise<readonly string[]> {
  const ids: string[] = [];
  const onFailure = ({ id }: SessionFailure): void => void ids.push(id);
  for await (const { id } of archiver.list({ from: "metadata", onFailure, signal })) ids.push(id);
  return ids;
}

function textOf({ checked, bad }: VerifyReport): string {
  return `${count(checked, "session")} checked, ${bad.length === 0 ? "all whole" : `${bad.length} bad`}.`;
}
