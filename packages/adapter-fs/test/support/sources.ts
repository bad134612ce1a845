/** `node --import` this: child processes then run the sources, as the tests do. */
import { registerHooks } from "node:module";

const SOURCES = new Map(
  ["core", "codec-zlib", "adapter-fs"].map((name) => [
    `@session-archiver/${name}`,
    new URL(`../../../${name}/src/index.ts`, import.meta.url).href,
  ]),
);

registerHooks({
  resolve(specifier, context, next) {
    const source = SOURCES.get(specifier);
    if (source !== undefined) return { url: source, format: "module-typescript", shortCircuit: true };
    const ours = context.parentURL?.includes("/packages/") && specifier.startsWith(".");
    return next(ours ? specifier.replace(/\.js$/, ".ts") : specifier, context);
  },
});
