/** Patterns for names of projects: `*` for any characters but `/`, `**` for any characters, `?` for one. */

/** Whether a name fits. Takes time in proportion to pattern times name, whatever they are. */
export function matcherOf(pattern: string): (name: string) => boolean {
  const parts = pattern.match(/\*\*|[\s\S]/gu) ?? [];
  return (name) => fits(parts, Array.from(name));
}

/** `reached`: the positions in the name that the pattern's parts so far may lead to. */
function fits(parts: readonly string[], name: readonly string[]): boolean {
  let reached = new Set([0]);
  for (const part of parts) {
    const next = new Set<number>();
    for (const from of reached) {
      if (part !== "*" && part !== "**") {
        const isFit = from < name.length && (part === "?" ? name[from] !== "/" : name[from] === part);
        if (isFit) next.add(from + 1);
        continue;
      }
      for (let to = from; !next.has(to); to++) {
        next.add(to);
        if (to >= name.length || (part === "*" && name[to] === "/")) break;
      }
    }
    reached = next;
  }
  return reached.has(name.length);
}
