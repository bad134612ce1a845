/** Reads and prints byte sizes. */
import prettyBytes from "pretty-bytes";

const POWERS = ["", "k", "m", "g", "t", "p"];
const SIZE = /^(\d+(?:\.\d+)?) ?(?:([kmgtp])(i?)b|b)?$/i;

/**
 * Bytes from `500MB` (10^6), `2GiB` (2^30), `1.5 GB`, `0` or `1048576`; `undefined` for anything else. `500M` is
 * refused: programs disagree on what it means.
 */
export function parseSize(text: string): number | undefined {
  const [, digits, unit = "", binary] = SIZE.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const bytes = Math.round(Number(digits) * (binary ? 1024 : 1000) ** POWERS.indexOf(unit.toLowerCase()));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** `1.34 MB`: decimal units, as disks are sold and file managers show. */
export function formatSize(bytes: number): string {
  return prettyBytes(bytes);
}
