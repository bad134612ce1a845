/**
 * A text that never comes twice, for versions, keys and owners. `crypto.randomUUID` is missing in pages that came over
 * plain http.
 */
export function randomToken(): string {
  return crypto.randomUUID?.() ?? randomHex(16);
}

/** This many bytes of the platform's secure random source, as hex digits. */
export function randomHex(bytes: number): string {
  return [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
