/** What `node` needs before the name of a script so that it and all it imports run as they are in the sources. */
export const FROM_SOURCES: readonly string[] = ["--import", new URL("source-hooks.ts", import.meta.url).href];
