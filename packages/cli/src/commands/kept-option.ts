import { InvalidArgumentError, Option } from "commander";

/** The option for outputs that are kept because their source was rewritten. */
export function keptOption(): Option {
  const what = "an earlier version, kept when the source was rewritten: 1 is the oldest, `info` lists them";
  return new Option("--kept <n>", what).argParser(versionArgument);
}

function versionArgument(text: string): number {
  const version = /^\d+$/.test(text) ? Number(text) : 0;
  if (Number.isSafeInteger(version) && version > 0) return version;
  throw new InvalidArgumentError("Write a whole number of at least 1.");
}
