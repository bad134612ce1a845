/**
 * What a session may be found to be. An agent says what it is about to do before it does it, and when it was told that it is
 * done. In between, and for ever after a kill, both may be true; a look at the session tells which.
 */
export type Operation =
  | { readonly kind: "append"; readonly bytes: number }
  | { readonly kind: "prune" }
  | { readonly kind: "undo" }
  | { readonly kind: "purge" };

/** One of the states that a session may be in: it holds the bytes `[base, end)` of its agent's output. */
export interface State {
  readonly base: number;
  readonly end: number;
  /** One that is set may be taken back by whoever was restoring or archiving the session at that time. */
  readonly tombstone: "none" | "set" | "purged";
}

export const NEW: State = { base: 0, end: 0, tombstone: "none" };

/** What was seen of a session. */
export type Sight =
  | { readonly kind: "absent" }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** `purged`: whether its bytes are given up; unknown while others are at work. */
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

/** The states on the way there: an append takes a tombstone back before its first byte. */
function between(operation: Operation, state: State): readonly State[] {
  if (operation.kind !== "append" || state.tombstone === "none") return [];
  return [after({ kind: "append", bytes: 0 }, state)];
}

export interface SessionModel {
  readonly id: string;
  /** The states that are possible now. */
  possible(): readonly State[];
  begin(operation: Operation): void;
  /** `refused`: with a code that promises that nothing has changed. `unclear`: it may have been done or not. */
  end(outcome: "done" | "refused" | "unclear", code?: string): void;
  /** Collects all states that are possible from now on until the function it gives is called. */
  watch(): () => readonly State[];
  /** Nobody changes the session: only states that go with what was seen remain. `false` if none does. */
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
      // Only a session whose bytes are gone refuses to take its tombstone back in this way.
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

/** Whether a session in this state may look like that. */
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
