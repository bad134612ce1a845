/** Options that are each valid, but make no sense together. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  /** Lines below the message. */
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}
