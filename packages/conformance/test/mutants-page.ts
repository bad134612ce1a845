/** The page that lists the defects and the cases that find them. */
import type { Mutant } from "./mutants/mutant.js";

export function mutantsPage(mutants: readonly Mutant[], caseCount: number): string {
  const items = mutants.map(({ defect, caughtBy }) => [`- ${escaped(defect)}`, ...caughtBy.map(caught)].join("\n"));
  return `# Mutants

${mutants.length} adapters, each with one planted defect, and the cases that each of them fails. At least one of them fails each
of the ${caseCount} cases; the adapter that they are made from passes all. \`test/proof/mutants.test.ts\` makes and checks this page.

${items.join("\n")}
`;
}

function caught(name: string): string {
  return `  - ${escaped(name)}`;
}

/** Text that Markdown shows unchanged. */
function escaped(text: string): string {
  return text.replace(/[\\`*_<>|]/g, "\\$&");
}
