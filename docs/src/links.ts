/** Links and headings of Markdown, so that links can be followed. */

/** Fences, then code within a line. */
const CODE = /^( *`{3,})[^\n]*\n[\s\S]*?^\1`* *$|`[^`\n]*`/gm;
const LINK = /\]\(([^()\s]+)\)|^\[[^\]\n]+\]:\s+(\S+)$/gm;
const HEADING = /^#{1,6} (.+)$/gm;

/** Targets within the repository, in the order of the document. */
export function linksIn(markdown: string): readonly string[] {
  return [...markdown.replace(CODE, "").matchAll(LINK)]
    .map(([, inline, defined]) => inline ?? defined ?? "")
    .filter((target) => !/^[a-z]+:/i.test(target));
}

/** The anchors of the headings. */
export function slugsIn(markdown: string): ReadonlySet<string> {
  const slugs = new Set<string>();
  const text = markdown.replace(CODE, (code) => (code.startsWith("`") && !code.startsWith("```") ? code : ""));
  for (const [, heading = ""] of text.matchAll(HEADING)) {
    const slug = heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, "")
      .trim()
      .replaceAll(/\s/g, "-");
    let unique = slug;
    for (let again = 1; slugs.has(unique); again++) unique = `${slug}-${again}`;
    slugs.add(unique);
  }
  return slugs;
}
