/**
 * For the bundle: Node's own modules, as cheaply as they can be had. An `import` of one calls all its getters, which load half of Node
 * (`process` alone its streams and readline); `getBuiltinModule` doesn't. The large ones wait for the first call.
 */
import type { Plugin } from "vite";

/** Module, and the functions that are taken from it. Nothing but functions can wait. */
const LATE: Readonly<Record<string, readonly string[]>> = {
  "node:child_process": ["execFile", "spawn"],
  "node:crypto": ["createHash", "randomBytes", "randomUUID"],
  "node:fs/promises":
    "link lstat mkdir open opendir readFile readdir readlink realpath rename rm rmdir stat statfs unlink writeFile".split(
      " ",
    ),
  "node:timers/promises": ["setImmediate", "setTimeout"],
  "node:v8": ["getHeapSpaceStatistics", "setFlagsFromString"],
  "node:zlib":
    "crc32 createGunzip createGzip createZstdDecompress deflateRaw deflateRawSync inflateRaw inflateRawSync".split(" "),
};

/** Core's codec where none is given; the program gives one. Its tables are made as it is loaded. */
const NO_FFLATE = `
  const none = () => { throw new Error("fflate is not part of this program"); };
  export const inflateSync = none;
  export const Deflate = none;`;

const PREFIX = "\0late:";
const IMPORT = /^import (?:([\w$]+)(?:, )?)?(?:\{ ([^}]*) \} ?)?from "((?:node:)?[\w/]+)";$/gm;

export function nodeBuiltins(): Plugin {
  return {
    name: "node-builtins",
    enforce: "pre",
    resolveId: (id) => (id === "node:process" || id === "fflate" || id in LATE ? PREFIX + id : undefined),
    load(id) {
      if (!id.startsWith(PREFIX)) return undefined;
      const name = id.slice(PREFIX.length);
      if (name === "fflate") return NO_FFLATE;
      return name === "node:process" ? "export default globalThis.process;" : late(name, LATE[name] ?? []);
    },
    renderChunk: (code) => code.replace(IMPORT, (_, whole, parts, name) => taken(whole, parts, name)),
  };
}

function late(name: string, functions: readonly string[]): string {
  return [
    `const load = () => process.getBuiltinModule("${name}");`,
    ...functions.map((each) => `export const ${each} = (...given) => load().${each}(...given);`),
    `export const constants = new Proxy({}, { get: (_, key) => load().constants[key] });`,
    `export default { ${functions.join(", ")} };`,
  ].join("\n");
}

function taken(whole: string | undefined, parts: string | undefined, name: string): string {
  const module = `process.getBuiltinModule("${name}")`;
  const names = parts?.replaceAll(" as ", ": ");
  return [
    ...(whole ? [`const ${whole} = ${module};`] : []),
    ...(names ? [`const { ${names} } = ${module};`] : []),
  ].join(" ");
}
