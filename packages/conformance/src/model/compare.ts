/** Runs a history on a store and on the model, and says where they differ. */
import { codeOf, memoryPorts, type Ports } from "@session-archiver/core";
import { type Attempt, attempt, check, equal, equalBytes, failsWith } from "../support/assert.js";
import { BODY_ERROR, type Client, type Step } from "./step.js";

/** The store under test. */
export interface Store extends Pick<Client, "reopen" | "upkeep"> {
  /** The ports of the instance whose turn it is. */
  ports(): Ports;
  /** The next instance's turn, after each call. */
  turn(): void;
}

export interface Difference {
  /** The steps up to the one that differs. */
  readonly steps: readonly Step[];
  readonly message: string;
}

/** `undefined` if store and model agree. `prefix`: one that no other history has used. */
export async function differenceIn(
  steps: readonly Step[],
  store: Store,
  prefix: string,
): Promise<Difference | undefined> {
  const memory = memoryPorts();
  const nothing = async (): Promise<void> => {};
  const model = clientOf({ ports: () => memory, turn: () => {}, reopen: nothing, upkeep: nothing }, prefix);
  const real = clientOf(store, prefix);
  for (const [at, step] of steps.entries()) {
    const expected = await attempt(() => step.run(model));
    const actual = await attempt(() => step.run(real));
    const compared = await attempt(async () => agree(step, actual, expected));
    store.turn();
    if ("error" in compared) return { steps: steps.slice(0, at + 1), message: messageOf(compared.error) };
  }
  return undefined;
}

function clientOf({ ports, reopen, upkeep }: Store, prefix: string): Client {
  return {
    get ports() {
      return ports();
    },
    prefix,
    versions: new Map(),
    refs: new Map(),
    reopen,
    upkeep,
  };
}

/** Throws if they differ, and says how. */
function agree({ text, bodyFails }: Step, actual: Attempt<unknown>, expected: Attempt<unknown>): void {
  if ("error" in expected) {
    check("error" in actual, `${text}: must fail (${expected.error}), but succeeded.`);
    // If a body fails, and its name is taken, a store may report either.
    if (bodyFails && actual.error === BODY_ERROR) return;
    const code = codeOf(expected.error);
    check(code !== undefined, `${text}: must pass on the body's error, but failed with "${actual.error}".`);
    failsWith(actual.error, code, text);
    return;
  }
  if ("error" in actual) throw new Error(`${text}: must succeed, but failed (${actual.error}).`);
  if (actual.value instanceof Uint8Array && expected.value instanceof Uint8Array) {
    equalBytes(actual.value, expected.value, text);
  } else equal(actual.value, expected.value, text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
