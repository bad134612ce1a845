/** Reads the words of `--source`, which may be given several times. Loads nothing of agents' folders: the help needs it. */

export function sourcesArgument(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(",").filter((word) => word !== "")];
}
