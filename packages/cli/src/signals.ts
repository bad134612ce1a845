/** Handles Ctrl-C and other requests to end. */

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

interface SignalSource {
  on(name: (typeof SIGNALS)[number], listener: () => void): unknown;
  off(name: (typeof SIGNALS)[number], listener: () => void): unknown;
  exit(code: number): never;
}

export interface Signals {
  readonly signal: AbortSignal;
  /** Ctrl-C does nothing here until the returned function is called. */
  leaveInterrupts(): () => void;
  stop(): void;
}

/** Aborts on the first signal, with its name as the reason; ends the process on the second. */
export function watchSignals(process: SignalSource): Signals {
  const controller = new AbortController();
  const others = new Set<symbol>();
  const listeners = SIGNALS.map((name) => {
    const listener = (): void => {
      if (name === "SIGINT" && others.size > 0) return;
      if (controller.signal.aborted) process.exit(CODES[name]);
      controller.abort(name);
    };
    process.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    leaveInterrupts() {
      const other = Symbol();
      others.add(other);
      return () => void others.delete(other);
    },
    stop() {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}
