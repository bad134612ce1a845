/** Sizes as people type them. */
const UNITS: Readonly<Record<string, number>> = { KB: 1e3, MB: 1e6, GB: 1e9 };

/** The bytes in "256MB", "1.5 gb" or "24mb", in decimal units as for disks and rates. */
export function parseSize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?) ?([kmg]b)$/i.exec(text.trim()) ?? [];
  const bytes = Math.round(Number(number) * (UNITS[unit?.toUpperCase() ?? ""] ?? Number.NaN));
  if (!(bytes > 0)) throw new Error(`A size is a number and KB, MB or GB, for instance 256MB; this is "${text}".`);
  return bytes;
}

/** The same size as part of a file's name: "256mb", "1gb". */
export function sizeLabel(bytes: number): string {
  const [unit, factor] = Object.entries(UNITS).findLast(([, each]) => bytes >= each) ?? ["KB", 1e3];
  return `${bytes / factor}${unit.toLowerCase()}`;
}
