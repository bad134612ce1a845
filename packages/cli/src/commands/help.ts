import type { AddCommand, AloneContext } from "../command.js";
import { EXIT } from "../exit.js";

export const addHelp: AddCommand = (program, action) => {
  program
    .helpCommand(false)
    .command("help")
    .description("show all commands, or how one is used, with examples")
    .argument("[command]", "its name")
    .action(action.alone(help));
};

async function help({ programFor }: AloneContext, name: string | undefined): Promise<number> {
  const program = await programFor(["--help"]);
  const named = program.commands.find((command) => command.name() === name || command.aliases().includes(name ?? ""));
  if (name === undefined) program.outputHelp();
  else if (named) named.outputHelp();
  // The parser itself says that there is no such command, and which is near.
  else await program.parseAsync(["--", name], { from: "user" });
  return EXIT.ok;
}
