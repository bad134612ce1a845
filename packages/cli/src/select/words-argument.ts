/** Options that may be given several times. */
import { InvalidArgumentError } from "commander";

/** For commander: the values of all times together. */
export function gathered<T>(
  parse: (text: string) => readonly T[],
): (text: string, before?: readonly T[]) => readonly T[] {
  return (text, before = []) => {
    if (text.trim() === "") throw new InvalidArgumentError("It is empty.");
    return [...before, ...parse(text)];
  };
}

/** Words, which may also be joined by commas. */
export const wordsArgument: (text: string, before?: readonly string[]) => readonly string[] = gathered(wordsIn);

export function wordsIn(text: string): readonly string[] {
  return text
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}
