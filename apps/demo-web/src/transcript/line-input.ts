/** The index, from 0, of the line number that a person typed: `41203`, `41,203` or `41 203`; `null` if that is no line. */
export function lineFromInput(typed: string, lineCount: number): number | null {
  const digits = typed.replace(/[\s,.'’_\u00a0\u202f]/g, "");
  if (!/^\d{1,15}$/.test(digits)) return null;
  const line = Number(digits);
  return line >= 1 && line <= lineCount ? line - 1 : null;
}
