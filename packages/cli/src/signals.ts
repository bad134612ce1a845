/** Handles Ctrl-C and other requests to end. */

const SIGNALS = ["SIGINT", "SIGTERM"] as const;
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;

interface SignalSource {
  on(name: (typeof SIGNALS)[number], listener: () => void): unknown;
  off(name: (typeof SIGNALS)[number], listener: () => void): unknown;
  exit(code: number): never;
}

/** Aborts on the first signal, with its name as the reason; ends the process on the second. */
export function watchSignals(process: SignalSource): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const listeners = SIGNALS.map((name) => {
    const listener = (): void => {
      if (controller.signal.aborted) process.exit(CODES[name]);
      controller.abort(name);
    };
    process.on(name, listener);
    return { name, listener };
  });
  return {
    signal: controller.signal,
    stop() {
      for (const { name, listener } of listeners) process.off(name, listener);
    },
  };
}
