/** How threads that share a search are joined. */

/** One end of a `MessageChannel` of browsers or of Node. */
export interface SearchPort {
  postMessage(message: unknown): void;
  addEventListener(type: "message" | "close", listener: (event: { readonly data?: unknown }) => void): void;
  start(): void;
  close(): void;
}
