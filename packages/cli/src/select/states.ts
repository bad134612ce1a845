/** The states by which sessions are chosen. */
import type { ListedSession, SessionState } from "@session-archiver/core";
import { InvalidArgumentError } from "commander";
import { wordsIn } from "./words-argument.js";

const STATES = ["live", "archived", "mirrored", "resumed", "pruned"] as const satisfies readonly SessionState[];

/** The word for people. For programs, a forgotten session is a pruned one with a time at which it was forgotten. */
export function stateWord({ state, forgottenAt }: Pick<ListedSession, "state" | "forgottenAt">): string {
  return forgottenAt === null ? state : "forgotten";
}

export const stateNames: string = STATES.join(", ");

export function statesArgument(text: string): readonly SessionState[] {
  return wordsIn(text).map((word) => {
    const state = STATES.find((name) => name === word.toLowerCase());
    if (state !== undefined) return state;
    throw new InvalidArgumentError(`There is no state "${word}": ${stateNames}.`);
  });
}
