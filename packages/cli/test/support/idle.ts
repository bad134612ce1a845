/** Actions that do nothing, for a program that is only looked at or parsed with. */
import type { ActionFor } from "../../src/command.js";

const nothing = () => async (): Promise<void> => {};
export const IDLE: ActionFor = Object.assign(nothing, { alone: nothing });
