import type { Part } from "./part.js";

/** These parts load only if named, because they need a bundler and a browser's driver. */
function inBrowser(part: "browserPart" | "browserLayoutPart", name: string, about: string): Part {
  return {
    name,
    about,
    optIn: true,
    async run(bench) {
      const parts = await import("../browser/part.js");
      return parts[part].run(bench);
    },
  };
}

export const browserPart: Part = inBrowser(
  "browserPart",
  "browser",
  "archive, reads, sweeps, appends and memory in a real Chromium, on IndexedDB",
);

export const browserLayoutPart: Part = inBrowser(
  "browserLayoutPart",
  "browser-layout",
  "IndexedDB alone: sizes of rows and shapes of transactions",
);
