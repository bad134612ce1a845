/** The states by which sessions are chosen. */
import type { SessionState } from "@session-archiver/core";
import { InvalidArgumentError } from "commander";
import { wordsIn } from "./words-argument.js";

const STATES = ["live", "archived", "mirrored", "resumed", "pruned"] as const satisfies readonly SessionState[];

export const stateNames: string = STATES.join(", ");

export function statesArgument(text: string): readonly SessionState[] {
  return wordsIn(text).map((word) => {
    const state = STATES.find((name) => name === word.toLowerCase());
    if (state !== undefined) return state;
    throw new InvalidArgumentError(`There is no state "${word}": ${stateNames}.`);
  });
}
