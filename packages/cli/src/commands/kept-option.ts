import { InvalidArgumentError, Option } from "commander";

/** What a session held before its source was rewritten is kept. */
export function keptOption(): Option {
  const what = "what the session held before its source was rewritten: version n, as `info` counts them, 1 the oldest";
  return new Option("--kept <n>", what).argParser(versionArgument);
}

function versionArgument(text: string): number {
  const version = /^\d+$/.test(text) ? Number(text) : 0;
  if (Number.isSafeInteger(version) && version > 0) return version;
  throw new InvalidArgumentError("Write a whole number of at least 1.");
}
