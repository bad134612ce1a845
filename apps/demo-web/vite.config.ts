import { defineConfig } from "vite";

export default defineConfig({
  // Relative paths: the built site works from any folder of any static host.
  base: "./",
  build: { target: "es2024", sourcemap: true },
  worker: { format: "es" },
  // One small main thread: JSX goes straight to Preact.
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
});
