import type { VerifyAllOptions, VerifyReport } from "@session-archiver/core";
import type { Command } from "commander";
import { sampleArgument } from "../arguments.js";
import type { AddCommand, CommandContext } from "../command.js";
import { failureLine } from "../failure-line.js";
import { count } from "../output/text.js";
import { formatTime } from "../output/times.js";
import { isSelecting, type SelectOptions, selected, selecting } from "../select/selected.js";
import type { Access } from "../stores/open.js";
import { UsageError } from "../usage-error.js";

interface Options extends SelectOptions {
  readonly sample?: VerifyAllOptions["sample"];
  readonly continue?: true;
}

export const addVerify: AddCommand = (program, action) => {
  selecting(program.command("verify"), "or all")
    .description("read sessions to the last byte and say what is wrong with them; without ids, all sessions")
    .option("--sample <n|p%>", "only this number or share of the archived sessions, picked at random", sampleArgument)
    .option("--continue", "notes what is whole, and goes on where the last such run stopped")
    .hook("preAction", (_, command) => checkOptions(command.args, command.opts<Options>()))
    .action(action(verify, accessFor));
};

/** Nothing of the others can be read. */
const UNPRUNED = ["live", "archived", "mirrored", "resumed"] as const;

function checkOptions(words: readonly string[], options: Options): void {
  const { sample, continue: isContinued } = options;
  if (sample !== undefined && isContinued) throw new UsageError("Give --sample or --continue, not both.");
  if (isSelecting(words, options) && (sample !== undefined || isContinued)) {
    const option = isContinued ? "--continue" : "--sample";
    throw new UsageError(`${option} is for the whole store: leave out what chooses sessions, or ${option}.`);
  }
}

function accessFor(_: string[], options: Options): Access {
  return options.continue ? "note" : "read";
}

async function verify(context: CommandContext, words: string[], options: Options, _: Command): Promise<boolean> {
  const { output, unreadable } = context;
  const found = isSelecting(words, options)
    ? await verifyNamed(context, words, options)
    : await verifyStore(context, options);
  const total = found.total === null ? null : found.total + unreadable.length;
  const report = { ...found, checked: found.checked + unreadable.length, bad: [...unreadable, ...found.bad], total };
  for (const failure of found.bad) output.note(failureLine(failure));
  await output.result(report, textOf(report, options));
  return report.bad.length === 0;
}

async function verifyNamed(context: CommandContext, words: string[], options: Options): Promise<VerifyReport> {
  const { archiver, output, signal } = context;
  const named = await selected(context, words, options, UNPRUNED);
  const missing = new Map(named.map((session) => [session.id, session.missing]));
  const report = await output.withProgress({ label: "verify", total: named.length, unit: "sessions" }, (progress) => {
    const ids = named.map(({ id }) => id);
    return archiver.verifyAll(ids, { signal, onSession: ({ id, done }) => progress.update(done, id) });
  });
  const bad = report.bad.map((failure) => ({
    ...failure,
    message: missing.get(failure.id)?.message ?? failure.message,
  }));
  return { ...report, bad };
}

function verifyStore({ archiver, output, signal }: CommandContext, options: Options): Promise<VerifyReport> {
  const { sample, continue: resume } = options;
  return output.withProgress({ label: "verify", total: 0, unit: "sessions" }, (progress) =>
    archiver.verifyAll(undefined, {
      ...{ sample, resume, note: resume, signal },
      onSession: ({ id, done, toDo }) => progress.update(done, id, toDo),
    }),
  );
}

function textOf(report: VerifyReport, { sample, continue: isContinued }: Options): string {
  const { checked, bad, skipped, total, knownWholeAt } = report;
  const result = bad.length === 0 ? "all whole" : `${bad.length} bad`;
  const of =
    sample === undefined ? count(checked, "session") : `${checked} of ${count(total ?? 0, "archived session")}`;
  const lines = [`${of} checked, ${result}.`];
  if (isContinued) {
    const before = skipped === 0 ? "" : ` ${count(skipped, "session")} had been found whole in it before.`;
    lines.push(`The pass over all ${count(total ?? 0, "session")} is complete.${before}`);
  }
  if ((sample !== undefined || isContinued) && knownWholeAt !== null) {
    const which = bad.length === 0 ? "Every archive" : "Every other archive";
    lines.push(`${which} was known to be whole on ${formatTime(knownWholeAt)} or later.`);
  }
  return lines.join("\n");
}
