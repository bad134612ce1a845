/** What the scripts of `completion` call at each key. */

import { pathArgument } from "../arguments.js";
import type { AddCommand, AloneContext, GlobalOptions } from "../command.js";
import { offersText } from "../complete/offer.js";
import { commandsOf, type Look, offersFor } from "../complete/offers.js";
import { meant } from "../complete/shells.js";
import { type Wanted, wantedIn } from "../complete/wanted.js";
import { EXIT } from "../exit.js";
import { storeArgument } from "../stores/argument.js";

export const addComplete: AddCommand = (program, action) => {
  program
    .command("__complete", { hidden: true })
    .description("print what may come next, for a shell")
    .argument("<shell>")
    .argument("[words...]", "what was typed so far without the program's name; the last may be empty")
    .action(action.alone(complete));
};

async function complete(alone: AloneContext, shell: string, typed: readonly string[]): Promise<number> {
  const words = typed.map((word) => meant(shell, word));
  // The last word is no name yet: it may begin others.
  const program = await alone.programFor([...words.slice(0, -1), ""]);
  const wanted = wantedIn(program, words);
  const offers = await offersFor(program, wanted, lookIn(alone, wanted));
  await alone.output.result(offers, () => offersText(offers));
  return EXIT.ok;
}

/** Looks into the stores that were named in the words, or else those of the environment. Changes nothing, and says nothing. */
function lookIn({ options: given, io, output, programFor }: AloneContext, wanted: Wanted): Look {
  const options = { ...given, ...storesIn(wanted), access: "peek" } as const;
  return async (what, word) => {
    if (what === "command") return commandsOf(await programFor(["--help"]));
    const [{ withContext }, { stored }] = await Promise.all([
      import("../with-context.js"),
      import("../complete/stored.js"),
    ]);
    let found: Awaited<ReturnType<Look>> = [];
    await withContext(options, io, { ...output, note() {} }, async (context) => {
      found = await stored(context, what, word);
      return true;
    });
    return found;
  };
}

function storesIn({ given }: Wanted): GlobalOptions {
  const value = (flag: string): string | undefined => [...given].find(([{ long }]) => long === flag)?.[1];
  const [home, store, archives] = ["--home", "--store", "--archives"].map(value);
  return {
    ...(home !== undefined && { home: pathArgument(home) }),
    ...(store !== undefined && { store: storeArgument(store) }),
    ...(archives !== undefined && { archives: storeArgument(archives) }),
  };
}
