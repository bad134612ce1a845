/** Starts an agent with a session that is archived: without a shell, in the session's own folder. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { stat } from "node:fs/promises";
import { originalsIn, sourceNamed } from "@session-archiver/agent-folders";
import { ArchiverError, type SessionInfo } from "@session-archiver/core";
import type { CommandContext } from "../command.js";
import { shellWord } from "../output/shell-word.js";
import { type SelectOneOptions, selectedOne } from "../select/selected.js";
import { UsageError } from "../usage-error.js";
import { isConfirmed } from "./confirm.js";
import { putBack } from "./put-back.js";

export interface ResumeOptions extends SelectOneOptions {
  readonly print?: true;
  readonly yes?: true;
}

/** What `resume --print --json` prints. */
export interface ResumeDocument {
  readonly id: string;
  /** `null`: it is unknown, or gone. */
  readonly cwd: string | null;
  readonly command: string;
  readonly args: readonly string[];
}

interface Ready extends ResumeDocument {
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Whether the agent ended well. */
export async function resume(
  context: CommandContext,
  word: string | undefined,
  options: ResumeOptions,
): Promise<boolean> {
  const id = await selectedOne(context, word, options);
  const info = await context.archiver.info(id, { signal: context.signal });
  const { env, ...document } = await readyFor(context, info, options);
  if (!options.print) await putBack(context, info, options);
  else if (originalsIn(info.meta)?.state !== "kept") {
    const way = `session-archiver restore ${shellWord(id) ?? "ID"}`;
    context.output.note(`note: its agent finds ${id} only once its files are back: ${way}`);
  }
  const { cwd, command, args } = document;
  if (options.print || context.output.json || !context.terminal) {
    const words = [command, ...args].map(shellWord).join(" ");
    const folder = cwd === null ? undefined : shellWord(cwd);
    if (cwd !== null && folder === undefined) context.output.note(`note: no command can name its folder "${cwd}"`);
    await context.output.result(document, folder === undefined ? words : `cd ${folder} && ${words}`);
    return true;
  }
  return runs(command, args, cwd ?? context.cwd, env);
}

/** What to start, and where. Everything is checked before anything is put back. */
async function readyFor(context: CommandContext, info: SessionInfo, { yes, print }: ResumeOptions): Promise<Ready> {
  const originals = originalsIn(info.meta);
  const source = originals && sourceNamed(originals.source);
  const started = originals && source?.resume(originals.nativeId);
  if (!originals || !started)
    throw new UsageError(`No agent that is known here can resume ${info.id}: see restore and export.`);
  const home = source?.home(context.env);
  if (home !== originals.home) {
    const used = `${source?.label} uses ${home ?? "no folder"} here`;
    context.output.note(`note: its files lie in ${originals.home}, but ${used}`);
  }
  const cwd = textAt(info, "cwd");
  if (cwd === undefined || !(await isFolder(cwd))) {
    const why = cwd === undefined ? "no line of it names its folder" : `its folder "${cwd}" is gone`;
    if (!print)
      // Without the id, which is right: nobody is to look for another one.
      throw new ArchiverError(
        "NOT_FOUND",
        `Session "${info.id}" can't be resumed there: ${why}. With --print, you get the command.`,
      );
    context.output.note(`note: ${why}`);
    return { id: info.id, cwd: null, ...started, env: context.env };
  } else if (originals.rebuilt && !yes && !print) {
    // The agent may run what lies in that folder.
    const isFine = await isConfirmed(
      context,
      `The folder of ${info.id} was only found in an archive: ${cwd}. Start ${source?.label} there?`,
    );
    if (!isFine) throw new UsageError("Nothing was started. To start it there without being asked, add --yes.");
  }
  return { id: info.id, cwd, ...started, env: context.env };
}

/** A fact about the session that is text: its working directory. */
function textAt({ facts }: SessionInfo, key: string): string | undefined {
  const value = facts?.values[key];
  return typeof value === "string" && value.startsWith("/") && !value.includes("\0") ? value : undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}

async function runs(command: string, args: readonly string[], cwd: string, env: Ready["env"]): Promise<boolean> {
  const child = spawn(command, args, { cwd, env, stdio: "inherit", shell: false });
  const [code] = await once(child, "exit").catch((cause: unknown) => {
    throw new ArchiverError("NOT_FOUND", `The agent's program "${command}" can't be started: is it installed?`, {
      cause,
    });
  });
  return code === 0;
}
