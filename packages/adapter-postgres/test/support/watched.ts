/** A host's pool that counts its statements, and on which they can be made to fail. */
import type { Queryable, SqlValue } from "../../src/index.js";

export interface Watched extends Queryable {
  /** The statements since the last call. */
  taken(): readonly string[];
}

/** What becomes of a statement. `send` runs it. */
type OnQuery = (
  send: () => PromiseLike<{ readonly rows: readonly unknown[] }>,
  text: string,
) => ReturnType<Queryable["query"]>;

export function watched(host: Queryable, onQuery: OnQuery = (send) => send()): Watched {
  let statements: string[] = [];
  return {
    query(text: string, values?: SqlValue[]) {
      statements.push(text);
      return onQuery(() => host.query(text, values), text);
    },
    taken() {
      const seen = statements;
      statements = [];
      return seen;
    },
  };
}

/** What pg says of a connection that is lost while a statement is under way: it has no code. */
export const lost = (): Error => new Error("Connection terminated unexpectedly");

/** The outcome of each call: "done", or the code of its error. */
export async function outcomes(calls: readonly Promise<unknown>[]): Promise<string[]> {
  return (await Promise.allSettled(calls)).map((call) => (call.status === "fulfilled" ? "done" : call.reason.code));
}
