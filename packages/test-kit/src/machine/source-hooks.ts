/** `node --import` this: child processes then run the TypeScript sources directly, as the tests do. */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

// With the ending `.ts`: nothing turns `.js` into `.ts` yet.
const { SOURCES } = (await import(new URL("sources.ts", import.meta.url).href)) as typeof import("./sources.js");

registerHooks({
  resolve(specifier, context, next) {
    const source = SOURCES.get(specifier);
    if (source !== undefined) return next(pathToFileURL(source).href, context);
    const inSource = specifier.startsWith(".") && context.parentURL?.endsWith(".ts");
    return next(inSource ? specifier.replace(/\.js$/, ".ts") : specifier, context);
  },
});
