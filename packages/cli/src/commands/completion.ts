import { Argument } from "commander";
import type { AddCommand } from "../command.js";
import { SHELLS, scriptFor } from "../complete/shells.js";
import { EXIT } from "../exit.js";

const INSTALL = `
To complete in every new shell:
  bash  add to ~/.bashrc:                     eval "$(session-archiver completion bash)"
  zsh   add to ~/.zshrc, after compinit:      eval "$(session-archiver completion zsh)"
  fish  add to ~/.config/fish/config.fish:    session-archiver completion fish | source
Or write the script where the shell looks for it, which costs nothing when a shell starts:
  bash  ~/.local/share/bash-completion/completions/session-archiver (needs bash-completion)
  zsh   _session-archiver in a folder of $fpath
  fish  ~/.config/fish/completions/session-archiver.fish`;

export const addCompletion: AddCommand = (program, action) => {
  program
    .command("completion")
    .description("print a script with which a shell completes commands, options, and sessions by id")
    .addArgument(new Argument("<shell>", "the shell to print it for").choices([...SHELLS]))
    .addHelpText("after", INSTALL)
    .action(
      action.alone(async ({ output }, shell: string) => {
        const script = scriptFor(shell);
        await output.result({ shell, script }, script);
        return EXIT.ok;
      }),
    );
};
