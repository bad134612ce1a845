/** Defines the program's options and help. */
import { Command, Option } from "commander";
import { pathArgument } from "./arguments.js";
import type { ActionFor } from "./command.js";
import { calledIn, commandsFor } from "./commands/commands.js";
import type { CliIo } from "./io.js";
import { printable, withoutPasswords } from "./output/text.js";
import { packageFile } from "./package-files.js";
import { storeArgument } from "./stores/argument.js";

const HELP = `
Without a command: what agents have written here, and what a sweep would give back.
Examples of a command: session-archiver help COMMAND.
Sizes: 500MB (10^6 bytes), 2GiB (2^30), 0, 1048576. \`list\` shows the ids; a beginning that only one id has will do.
Exit codes: 0 fine, 1 something failed, 2 wrong usage, 3 mended (doctor), 4 not done
without a yes (sweep, free), 130 interrupted.
Bytes are deleted only once the archive holds them, unless you prune: --dry-run shows what a prune would do, and a
prune can be undone until its grace period is over.`;

/** `words`: what was typed. Only the commands that they may call are added to the program. */
export async function createProgram(
  io: Pick<CliIo, "stdout" | "stderr">,
  words: readonly string[],
  action: ActionFor,
): Promise<Command> {
  const program = new Command("session-archiver")
    .description("Moves finished AI-agent sessions into small, verified archives, and brings them back byte for byte.")
    .version(version())
    .option(
      "--home <dir>",
      "where sessions and archives are kept (default: $SESSION_ARCHIVER_HOME or ~/.session-archiver)",
      pathArgument,
    )
    .addOption(
      new Option(
        "--store <store>",
        "live sessions: sqlite:FILE, fs:DIR or postgres://USER@HOST/DATABASE (default: $SESSION_ARCHIVER_STORE or sqlite:HOME/sessions.db)",
      ).argParser(storeArgument),
    )
    .addOption(
      new Option(
        "--archives <store>",
        "archives, in the same ways or in a bucket: s3://BUCKET/PREFIX (default: $SESSION_ARCHIVER_ARCHIVES or fs:HOME/archives)",
      ).argParser(storeArgument),
    )
    .option("--json", "one JSON document on stdout")
    .addOption(
      new Option("--color <when>", "auto (a terminal, unless $NO_COLOR), always or never").choices([
        "auto",
        "always",
        "never",
      ]),
    )
    .option("--no-pager", "don't pass output for people through $SESSION_ARCHIVER_PAGER, $PAGER or less")
    .addHelpText("after", HELP)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(`${withoutControls(text)}\n`),
      getOutHelpWidth: () => columnsOf(io.stdout),
      getErrHelpWidth: () => columnsOf(io.stderr),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .exitOverride();
  for (const { group, load } of commandsFor(words, valueFlags(program))) {
    program.commandsGroup(group);
    (await load())(program, action);
  }
  await suggestFor(program, words);
  if (words.some((word) => HELP_WORDS.includes(word))) await addExamples(program);
  return program;
}

/** For a word that other programs have as a command. The parser itself suggests names that are nearly the same. */
async function suggestFor(program: Command, words: readonly string[]): Promise<void> {
  if (program.commands.length < 2) return;
  const word = calledIn(words, valueFlags(program));
  if (word === undefined) return;
  const { meantBy } = await import("./commands/synonyms.js");
  const names = meantBy(word);
  if (names.length === 0) return;
  program.on("command:*", () => {
    const hint = `(Did you mean ${names.length > 1 ? "one of " : ""}${names.join(", ")}?)`;
    program.error(`error: unknown command '${word}'\n${hint}`, { code: "commander.unknownCommand" });
  });
}

const HELP_WORDS: readonly string[] = ["--help", "-h"];

/** Loaded only for the help. */
async function addExamples(program: Command): Promise<void> {
  const { examplesText } = await import("./help/examples.js");
  for (const command of program.createHelp().visibleCommands(program)) {
    command.addHelpText("after", examplesText(command.name()));
  }
}

/** The flags whose next word is their value. */
export function valueFlags(program: Command): ReadonlySet<string> {
  const options = [program, ...program.commands].flatMap((command) => command.options);
  const flags = options.filter(({ required }) => required).flatMap(({ short, long }) => [short, long]);
  return new Set(flags.filter((flag) => flag !== undefined));
}

/** Commander quotes what was typed, or what a script has passed. Its own hint stays on a line of its own. */
function withoutControls(text: string): string {
  const [, message = text, hint = ""] = /^(.*?)(\n\(Did you mean [^\n]*\))?\n?$/s.exec(text) ?? [];
  return printable(withoutPasswords(message)) + hint;
}

function version(): string {
  return (JSON.parse(packageFile("package.json")) as { version: string }).version;
}

const PLAIN_WIDTH = 100;

function columnsOf(stream: object): number {
  return "columns" in stream && typeof stream.columns === "number" ? stream.columns : PLAIN_WIDTH;
}
