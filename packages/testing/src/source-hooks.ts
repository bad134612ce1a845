/** `node --import` this: child processes then run the TypeScript sources as they are, as the tests do. */
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    const own = /^@session-archiver\/([a-z-]+)(?:\/([a-z-]+))?$/.exec(specifier);
    if (own) return next(new URL(`../../${own[1]}/src/${own[2] ?? "index"}.ts`, import.meta.url).href, context);
    const inSource = specifier.startsWith(".") && context.parentURL?.endsWith(".ts");
    return next(inSource ? specifier.replace(/\.js$/, ".ts") : specifier, context);
  },
});
