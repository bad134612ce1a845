import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";

type Module = typeof import("../../src/client/route.ts");
let routes: Module;

beforeAll(async () => {
  vi.stubGlobal("location", { hash: "" });
  vi.stubGlobal("window", { addEventListener: () => {} });
  routes = await import("../../src/client/route.ts");
});

test("every id has an address that leads back to it", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, unit: "grapheme" }), (id) => {
      const to = { page: "session", id } as const;
      expect(routes.routeOf(routes.hashOf(to))).toEqual(to);
    }),
  );
});

test("an address that the app doesn't make is unknown, and no session's", () => {
  const more = `${routes.hashOf({ page: "session", id: "a/b" })}/more`;
  for (const address of [more, "#/session/", "#/session/%", "#/storage/more", "#/storag", "#x"]) {
    expect(routes.routeOf(address)).toEqual({ page: "unknown", address });
  }
  expect(["", "#", "#/"].map(routes.routeOf)).toEqual(Array(3).fill({ page: "home" }));
  expect(routes.routeOf("#/storage")).toEqual({ page: "storage" });
});
