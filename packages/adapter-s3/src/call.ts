/** The key of an operation, for its errors, and the signal that stops it. A `Call` of the ports is one. */
export interface Call {
  readonly key?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The same for what must not be stopped half-way: only an answer tells whether it took effect. */
export function unstoppable({ key }: Call): Call {
  return { key };
}
