/**
 * The states in which a session may be found. An agent notes each operation before it begins, and again when it is acknowledged.
 * In between, and forever after a kill, both states are possible; a look at the session shows which one it is.
 */
export type Operation =
  | { readonly kind: "append"; readonly bytes: number }
  | { readonly kind: "prune" }
  | { readonly kind: "undo" }
  | { readonly kind: "purge" };

/** A possible state of a session: it holds the bytes `[base, end)` of its agent's output. */
export interface State {
  readonly base: number;
  readonly end: number;
  /** A set tombstone may be taken back by any process that was restoring or archiving the session at that time. */
  readonly tombstone: "none" | "set" | "purged";
}

export const NEW: State = { base: 0, end: 0, tombstone: "none" };

/** A look at a session. */
export type Sight =
  | { readonly kind: "absent" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** `purged`: whether its bytes are given up; unknown while other processes work. */
  | { readonly kind: "pruned"; readonly purged?: boolean };

/** The state once the operation is acknowledged. */
function after(operation: Operation, state: State): State {
  const { base, end, tombstone } = state;
  switch (operation.kind) {
    case "append":
      return { base: tombstone === "purged" ? end : base, end: end + operation.bytes, tombstone: "none" };
    case "prune":
      return tombstone === "none" ? { ...state, tombstone: "set" } : state;
    case "undo":
      return tombstone === "set" ? { ...state, tombstone: "none" } : state;
    case "purge":
      return tombstone === "set" ? { ...state, tombstone: "purged" } : state;
  }
}

/** The states in between: an append takes a tombstone back before its first byte. */
function between(operation: Operation, state: State): readonly State[] {
  if (operation.kind !== "append" || state.tombstone === "none") return [];
  return [after({ kind: "append", bytes: 0 }, state)];
}

export interface SessionModel {
  readonly id: string;
  /** The states that are possible now. */
  possible(): readonly State[];
  begin(operation: Operation): void;
  /** `refused`: failed with a code that promises that nothing has changed. `unclear`: it may or may not have been done. */
  end(outcome: "done" | "refused" | "unclear", code?: string): void;
  /** Collects all states that are possible from now on, until the returned function is called. */
  watch(): () => readonly State[];
  /** To be called while no process changes the session. Only states that match the look remain. `false` if none does. */
  settleOn(fits: (state: State) => boolean): boolean;
}

export function sessionModel(id: string): SessionModel {
  let before: readonly State[] = [NEW];
  let now: readonly State[] = before;
  let current: Operation | undefined;
  const watched = new Set<State[]>();
  const become = (states: readonly State[]): void => {
    now = distinct(states);
    for (const seen of watched) seen.push(...now);
  };
  return {
    id,
    possible: () => now,
    begin(operation) {
      before = now;
      current = operation;
      become(now.flatMap((state) => [state, ...between(operation, state), after(operation, state)]));
    },
    end(outcome, code) {
      const operation = current;
      if (!operation) throw new Error(`Nothing was begun on ${id}.`);
      current = undefined;
      if (outcome === "unclear") return;
      if (outcome === "done") become(before.map((state) => after(operation, state)));
      // Only a session whose bytes are gone refuses in this way to take its tombstone back.
      else if (operation.kind === "undo" && code === "PRUNED") {
        become(before.filter(({ tombstone }) => tombstone === "purged"));
      } else become(before);
    },
    watch() {
      const seen = [...now];
      watched.add(seen);
      return () => {
        watched.delete(seen);
        return distinct(seen);
      };
    },
    settleOn(fits) {
      current = undefined;
      become(now.filter(fits));
      return now.length > 0;
    },
  };
}

function distinct(states: readonly State[]): readonly State[] {
  return [...new Map(states.map((state) => [`${state.base} ${state.end} ${state.tombstone}`, state])).values()];
}

/** Whether a session in this state may look like this. */
export function fits(state: State, sight: Sight, output: { bytes(start: number, end: number): Uint8Array }): boolean {
  switch (sight.kind) {
    case "absent":
      return state.end === 0;
    case "pruned": {
      const isPurged = state.tombstone === "purged";
      return state.tombstone !== "none" && (sight.purged ?? isPurged) === isPurged;
    }
    case "bytes":
      if (state.tombstone === "purged" || sight.bytes.length !== state.end - state.base) return false;
      return Buffer.compare(output.bytes(state.base, state.end), sight.bytes) === 0;
  }
}
