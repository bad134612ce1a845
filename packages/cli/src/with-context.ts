/** Opens what a command works with, and closes it afterwards. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { type ArchiverEvent, createArchiver, failureOf, type SessionFailure } from "@session-archiver/core";
import type { CommandContext, GlobalOptions } from "./command.js";
import { openLate } from "./import/late-source.js";
import type { CliIo } from "./io.js";
import { isTerminal } from "./output/open-progress.js";
import type { Output } from "./output/output.js";
import { formatSize } from "./output/sizes.js";
import { type Access, openStores } from "./stores/open.js";
import { placesOf } from "./stores/places.js";

/** For a pruned session that is in use again because its host has written to it. */
function revivedText({ id, from, lostBytes }: Extract<ArchiverEvent, { type: "revived" }>): string {
  const lost = from === "purged" && lostBytes > 0 ? `; the ${formatSize(lostBytes)} it held before are lost` : "";
  return `new output: ${id} was pruned, and is in use again${lost}`;
}

const NO_CATALOGUE = `warning: there are archives here, but the catalogue knows no session: it was lost, or belongs to other archives. \`session-archiver rebuild\` makes it anew from them. Until then nothing deletes these archives unless you ask \`gc --unknown\` to.`;

/** Whether all went well: the work, and every look at a session. */
export async function withContext(
  options: GlobalOptions & { readonly access: Access },
  io: CliIo,
  output: Output,
  work: (context: CommandContext) => Promise<boolean>,
): Promise<boolean> {
  const { cwd, env, now = Date.now, signal = new AbortController().signal } = io;
  const unreadable: SessionFailure[] = [];
  const onSkipped = (error: Error): void => {
    // A command may list more than once.
    if (unreadable.some(({ message }) => message === error.message)) return;
    unreadable.push(failureOf("", error));
    output.note(`failed: ${error.message}`);
  };
  const warned = new Set<string>();
  /** Once, however often the same is read. */
  const warn = (message: string): void => {
    if (!warned.has(message)) output.note(`warning: ${message}`);
    warned.add(message);
  };
  const places = placesOf({ ...options, cwd, env });
  const stores = await openStores({ places, access: options.access, now, onSkipped, onNotice: warn, signal });
  let listener: Parameters<CommandContext["listen"]>[0] | undefined;
  let isHushed = false;
  const archiver = createArchiver({
    ...stores,
    // A dry run of a salvage looks at sources, too.
    openSource: openLate,
    // Commands that import, archive or rebuild sessions note facts about them.
    ...(options.access !== "read" &&
      options.access !== "peek" &&
      (await import("./import/source-hooks.js")).sourceHooks()),
    codec: zlibCodec(),
    now,
    onEvent(event) {
      if (event.type === "warning") warn(event.message);
      else if (event.type === "revived" && !isHushed) output.note(revivedText(event));
      else listener?.(event);
    },
  });
  try {
    const isMending = options.access === "anew" || options.access === "replace";
    if (!isMending && (await archiver.lacksCatalogue({ signal }))) output.note(NO_CATALOGUE);
    const allWell = await work({
      archiver,
      stores,
      places,
      output,
      signal,
      get stdin() {
        return io.stdin;
      },
      get terminal() {
        return [io.stdin, io.stderr].every((stream) => stream !== undefined && isTerminal(stream));
      },
      cwd,
      env,
      unreadable,
      now,
      listen(next) {
        listener = next;
      },
      warn,
      tellsRevived() {
        isHushed = true;
      },
    });
    return allWell && unreadable.length === 0;
  } finally {
    await stores.close();
  }
}
