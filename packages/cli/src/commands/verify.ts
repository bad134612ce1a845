import type { VerifyReport } from "@session-archiver/core";
import type { AddCommand, CommandContext } from "../command.js";
import { count } from "../output/text.js";
import { failureLine } from "../sessions.js";

export const addVerify: AddCommand = (program, action) => {
  program
    .command("verify")
    .description("read sessions to the last byte and say what is wrong with them; without ids, all sessions")
    .argument("[id...]", "ids, as `list` shows them")
    .action(action(verify));
};

async function verify(context: CommandContext, given: string[]): Promise<boolean> {
  const { archiver, output, signal, unreadable } = context;
  const ids = given.length > 0 ? given : await allIds(context);
  const readable = await output.withProgress({ label: "verify", total: ids.length, unit: "sessions" }, (progress) => {
    function* oneByOne(): Generator<string> {
      for (const [done, id] of ids.entries()) {
        progress.update(done, id);
        yield id;
      }
    }
    return archiver.verifyAll(oneByOne(), { signal });
  });
  const report = { checked: readable.checked + unreadable.length, bad: [...unreadable, ...readable.bad] };
  for (const failure of readable.bad) output.note(failureLine(failure));
  await output.result(report, textOf(report));
  return report.bad.length === 0;
}

async function allIds({ stores, signal }: CommandContext): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of stores.objects.list(undefined, { signal })) ids.push(id);
  return ids;
}

function textOf({ checked, bad }: VerifyReport): string {
  return `${count(checked, "session")} checked, ${bad.length === 0 ? "all whole" : `${bad.length} bad`}.`;
}
