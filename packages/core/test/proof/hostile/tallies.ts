/** Counts what came out of hostile input, and holds that against what SECURITY.md says was tried. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

export interface Tally {
  /** Counts a case. Fails if the outcome is not allowed. */
  add(outcome: string): void;
  /** What has come out so far of the cases of this tally. */
  outcomes(): readonly string[];
}

const counts = new Map<string, number>();

/** `row`: the first cell of a row of the table in SECURITY.md. `allowed`: what may come out. */
export function tally(row: string, allowed: readonly string[]): Tally {
  const seen = new Set<string>();
  return {
    add(outcome) {
      if (!allowed.includes(outcome)) throw new Error(`${row}: came out ${outcome}, not ${allowed.join(" or ")}`);
      counts.set(row, (counts.get(row) ?? 0) + 1);
      seen.add(outcome);
    },
    outcomes: () => [...seen].sort(),
  };
}

/** To be called at the end of a file: a last test of whether its others have tried as many cases as is documented. */
export function testTallies(...rows: readonly string[]): void {
  const page = readFileSync(new URL("../../../../../SECURITY.md", import.meta.url), "utf8");
  test.each(rows)("%s: as many as SECURITY.md says, or more", (row) => {
    const cells =
      page
        .split("\n")
        .find((line) => line.startsWith(`| ${row} |`))
        ?.split("|") ?? [];
    const documented = Number(cells[2]?.replaceAll(",", ""));
    expect(documented).toBeGreaterThan(0);
    expect(counts.get(row)).toBeGreaterThanOrEqual(documented);
  });
}
