/**
 * Makes Node run the packages under test from their sources, for the simulation: core with segments of a few bytes, so that an
 * archive has several, and with a grace of a few calls for what a commit has given up; and, imported as `@session-archiver/core?mutant=<name>` or `@session-archiver/agent-folders?mutant=<name>`,
 * with one of its rules weakened.
 */
import { registerHooks } from "node:module";

const PACKAGES = new Map(
  ["core", "agent-folders"].map((name) => [name, new URL(`../../../${name}/src/`, import.meta.url).href]),
);
/** Which patches have been put in, by mutant: one that was not would prove nothing. */
const applied = new Map();
let patchesOf = () => [];

/** The package under test that this is a source of. */
function packageOf(url) {
  return [...PACKAGES].find(([, folder]) => url?.startsWith(folder))?.[0];
}

registerHooks({
  resolve(specifier, context, next) {
    const [name, ownQuery] = specifier.split("?");
    const [parentURL, parentQuery] = context.parentURL?.split("?") ?? [];
    const resolved = next(name, { ...context, parentURL });
    const of = packageOf(resolved.url);
    const query = ownQuery ?? (of === packageOf(parentURL) ? parentQuery : undefined);
    return query && of ? { ...resolved, url: `${resolved.url}?${query}` } : resolved;
  },
  load(url, context, next) {
    const of = packageOf(url);
    if (!of) return next(url, context);
    const mutant = new URL(url).searchParams.get("mutant") ?? undefined;
    const file = url.slice(PACKAGES.get(of).length).split("?")[0];
    const loaded = next(url, { ...context, format: "module-typescript" });
    const patches = patchesOf(of, mutant).filter((patch) => patch.file === file);
    const source = patches.reduce((text, patch) => patched(text, patch, mutant), String(loaded.source));
    return { ...loaded, source };
  },
});

const { SHORT_GRACE, SMALL_SEGMENTS } = await import("../mutants/core-mutant.ts");
const { allMutants } = await import("../mutants/core-mutants.ts");
const { claimMutants } = await import("../mutants/mutants-claim.ts");
const always = new Map([["core", [SMALL_SEGMENTS, SHORT_GRACE]]]);
const byName = new Map(
  [...allMutants, ...claimMutants].map(({ name, package: of = "core", patches }) => [`${of} ${name}`, patches]),
);
patchesOf = (of, mutant) => {
  const patches = mutant === undefined ? [] : byName.get(`${of} ${mutant}`);
  if (!patches) throw new Error(`There is no mutant "${mutant}" of ${of}.`);
  return [...(always.get(of) ?? []), ...patches];
};

function patched(source, patch, mutant) {
  const found = source.split(patch.from).length - 1;
  if (found !== 1) {
    throw new Error(`"${patch.from}" is ${found} times in ${patch.file} (${mutant ?? "no mutant"}): mend the patch.`);
  }
  applied.set(mutant, (applied.get(mutant) ?? new Set()).add(patch));
  return source.replace(patch.from, () => patch.to);
}

/** The package with this rule weakened; rejects unless all of its patches are in what was loaded. */
globalThis.weakened = async (of, mutant) => {
  const loaded = await import(`@session-archiver/${of}?mutant=${mutant}`);
  const missing = patchesOf(of, mutant).filter((patch) => !applied.get(mutant)?.has(patch));
  if (missing.length > 0) throw new Error(`${mutant}: ${missing.map(({ file }) => file).join(", ")} was not loaded.`);
  return loaded;
};
