/** Colours, by the conventions of terminals. Text is made printable first: what is styled is not looked at again. */
import { styleText } from "node:util";
import type { CliIo } from "../io.js";
import { isTerminal } from "./open-progress.js";

export type ColorChoice = "auto" | "always" | "never";

/** What text may look like. */
export type Look = "bold" | "dim" | "italic" | "red" | "green" | "yellow" | "blue" | "magenta" | "cyan";

/** The text in this look. Of text over several lines, each line is styled, because pagers show them one by one. */
export type Style = (look: Look | readonly Look[], text: string) => string;

/**
 * Whether to use colours on this stream. The first that is given decides: `--color`; `NO_COLOR`, if it isn't empty;
 * `FORCE_COLOR` and `CLICOLOR_FORCE` (`0` is no); `CLICOLOR=0`; `TERM=dumb`; whether the stream is a terminal.
 */
export function usesColor(stream: object, env: CliIo["env"], choice: ColorChoice = "auto"): boolean {
  if (choice !== "auto") return choice === "always";
  if (env["NO_COLOR"]) return false;
  const { FORCE_COLOR: force, CLICOLOR_FORCE: cliForce } = env;
  if (force !== undefined) return force !== "0" && force !== "false";
  if (cliForce !== undefined && cliForce !== "" && cliForce !== "0") return true;
  if (env["CLICOLOR"] === "0" || env["TERM"] === "dumb") return false;
  return isTerminal(stream);
}

export function styleFor(isColored: boolean): Style {
  if (!isColored) return (_, text) => text;
  return (look, text) => {
    const format = typeof look === "string" ? look : [...look];
    if (format.length === 0) return text;
    const styled = (line: string): string => (line === "" ? "" : styleText(format, line, { validateStream: false }));
    return text.split("\n").map(styled).join("\n");
  };
}
