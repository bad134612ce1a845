/** What the right pane shows. It is in `location.hash` so that reload, back and bookmarks work. */
import { signal } from "@preact/signals";

export type Route = { readonly page: "home" | "storage" } | { readonly page: "session"; readonly id: string };

export const route = signal<Route>(parse(location.hash));

window.addEventListener("hashchange", () => {
  route.value = parse(location.hash);
});

export function hashOf(to: Route): string {
  if (to.page === "session") return `#/session/${encodeURIComponent(to.id)}`;
  return to.page === "storage" ? "#/storage" : "#/";
}

export function go(to: Route): void {
  const hash = hashOf(to);
  if (hash !== location.hash) location.hash = hash;
  route.value = to;
}

function parse(hash: string): Route {
  const [, page, id] = /^#\/([a-z]+)(?:\/(.+))?$/.exec(hash) ?? [];
  if (page === "storage") return { page };
  if (page !== "session" || id === undefined) return { page: "home" };
  try {
    return { page, id: decodeURIComponent(id) };
  } catch {
    return { page: "home" };
  }
}
