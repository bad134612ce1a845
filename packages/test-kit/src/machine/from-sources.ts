/** Arguments for `node`, before the name of a script, so that the script and all its imports run from the sources. */
export const FROM_SOURCES: readonly string[] = ["--import", new URL("source-hooks.ts", import.meta.url).href];
