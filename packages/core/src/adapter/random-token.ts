/**
 * A text that never comes twice, for versions, keys and owners. `crypto.randomUUID` is missing in pages that came over
 * plain http.
 */
export function randomToken(): string {
  return crypto.randomUUID?.() ?? hexOf(crypto.getRandomValues(new Uint8Array(16)));
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
