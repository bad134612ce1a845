/** The page that says which defect is found by which cases. */
import type { Mutant } from "./mutants/mutant.js";

export function mutantsPage(mutants: readonly Mutant[], caseCount: number): string {
  const items = mutants.map(({ defect, caughtBy }) => [`- ${escaped(defect)}`, ...caughtBy.map(caught)].join("\n"));
  return `# Mutants

${mutants.length} adapters, each with one planted defect, and the cases that each of them fails. Each of the ${caseCount} cases is failed by
at least one of them; the adapter that they are made from passes all. This page is made and checked by
\`test/mutants.test.ts\`.

${items.join("\n")}
`;
}

function caught(name: string): string {
  return `  - ${escaped(name)}`;
}

/** Text that Markdown leaves as it is. */
function escaped(text: string): string {
  return text.replace(/[\\`*_<>|]/g, "\\$&");
}
