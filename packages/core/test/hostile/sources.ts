/** `node --import` this: child processes then run the sources, as the tests do. */
import { registerHooks } from "node:module";

registerHooks({
  resolve(specifier, context, next) {
    const ours = context.parentURL?.includes("/packages/") && specifier.startsWith(".");
    return next(ours ? specifier.replace(/\.js$/, ".ts") : specifier, context);
  },
});
