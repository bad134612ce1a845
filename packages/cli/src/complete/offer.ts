/** What a shell gets: words that may come next, or that it has to look for files itself. */
import { printable } from "../output/text.js";

export interface Offer {
  readonly value: string;
  /** For shells that show it beside the value; may be empty. */
  readonly about: string;
}

export type Offers =
  | { readonly kind: "words"; readonly offers: readonly Offer[] }
  | { readonly kind: "files" | "folders" };

export const NOTHING: Offers = { kind: "words", offers: [] };
const LONGEST_ABOUT = 72;

/**
 * The kind on the first line; then `value`, a tab, and what it is, a line for each. Values that a terminal would not show
 * as they are, or that would be taken for an option, are left out.
 */
export function offersText(offers: Offers): string {
  if (offers.kind !== "words") return `${offers.kind}\n`;
  const lines = offers.offers
    .filter(({ value }) => isShown(value))
    .map(({ value, about }) => `${value}\t${short(about)}\n`);
  return `words\n${lines.join("")}`;
}

function isShown(value: string): boolean {
  return value !== "" && printable(value) === value;
}

function short(about: string): string {
  const characters = [...printable(about)];
  return characters.length <= LONGEST_ABOUT
    ? characters.join("")
    : `${characters.slice(0, LONGEST_ABOUT - 1).join("")}…`;
}
