/**
 * Makes Node run core from its sources, for the simulation: with segments of a few bytes, so that an archive has several;
 * and, imported as `@session-archiver/core?mutant=<name>`, with one of its rules weakened.
 */
import { registerHooks } from "node:module";

const CORE = new URL("../../../core/src/", import.meta.url).href;
/** Which patches have been put in, by mutant: one that was not would prove nothing. */
const applied = new Map();
let patchesOf = () => [];

registerHooks({
  resolve(specifier, context, next) {
    const [name, ownQuery] = specifier.split("?");
    const [parentURL, parentQuery] = context.parentURL?.split("?") ?? [];
    const resolved = next(name, { ...context, parentURL });
    const query = ownQuery ?? parentQuery;
    return query && resolved.url.startsWith(CORE) ? { ...resolved, url: `${resolved.url}?${query}` } : resolved;
  },
  load(url, context, next) {
    if (!url.startsWith(CORE)) return next(url, context);
    const mutant = new URL(url).searchParams.get("mutant") ?? undefined;
    const file = url.slice(CORE.length).split("?")[0];
    const loaded = next(url, { ...context, format: "module-typescript" });
    const patches = patchesOf(mutant).filter((patch) => patch.file === file);
    const source = patches.reduce((text, patch) => patched(text, patch, mutant), String(loaded.source));
    return { ...loaded, source };
  },
});

const { SMALL_SEGMENTS } = await import("../mutants/core-mutant.ts");
const { allMutants } = await import("../mutants/core-mutants.ts");
const byName = new Map(allMutants.map((mutant) => [mutant.name, mutant.patches]));
patchesOf = (mutant) => {
  const patches = mutant === undefined ? [] : byName.get(mutant);
  if (!patches) throw new Error(`There is no mutant "${mutant}".`);
  return [SMALL_SEGMENTS, ...patches];
};

function patched(source, patch, mutant) {
  const found = source.split(patch.from).length - 1;
  if (found !== 1) {
    throw new Error(
      `"${patch.from}" is ${found} times in core's ${patch.file} (${mutant ?? "no mutant"}): mend the patch.`,
    );
  }
  applied.set(mutant, (applied.get(mutant) ?? new Set()).add(patch));
  return source.replace(patch.from, () => patch.to);
}

/** The library with this rule weakened; rejects unless all of its patches are in what was loaded. */
globalThis.coreMutant = async (mutant) => {
  const core = await import(`@session-archiver/core?mutant=${mutant}`);
  const missing = patchesOf(mutant).filter((patch) => !applied.get(mutant)?.has(patch));
  if (missing.length > 0) throw new Error(`${mutant}: ${missing.map(({ file }) => file).join(", ")} was not loaded.`);
  return core;
};
