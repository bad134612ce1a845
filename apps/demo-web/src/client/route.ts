/** What the right pane shows. It is in `location.hash` so that reload, back and bookmarks work. */
import { signal } from "@preact/signals";

export type Route =
  | { readonly page: "home" | "storage" }
  | { readonly page: "session"; readonly id: string }
  /** An address that this app doesn't make. */
  | { readonly page: "unknown"; readonly address: string };

export const route = signal<Route>(routeOf(location.hash));

window.addEventListener("hashchange", () => {
  route.value = routeOf(location.hash);
});

export function hashOf(to: Route): string {
  if (to.page === "session") return `#/session/${encodeURIComponent(to.id)}`;
  if (to.page === "unknown") return to.address;
  return to.page === "storage" ? "#/storage" : "#/";
}

export function go(to: Route): void {
  const hash = hashOf(to);
  if (hash !== location.hash) location.hash = hash;
  route.value = to;
}

/** An id is one part of an address: slashes in it are encoded. */
export function routeOf(hash: string): Route {
  if (/^(#\/?)?$/.test(hash)) return { page: "home" };
  if (hash === "#/storage") return { page: "storage" };
  const [, part] = /^#\/session\/([^/]+)$/.exec(hash) ?? [];
  const id = part === undefined ? undefined : decoded(part);
  return id === undefined ? { page: "unknown", address: hash } : { page: "session", id };
}

function decoded(part: string): string | undefined {
  try {
    return decodeURIComponent(part);
  } catch {
    return undefined;
  }
}
