/** Which characters a terminal would obey or hide, and where some of them are meant to be. */

/**
 * Controls (C0, DEL, C1), format characters (direction, tags, joiners, interlinear notes), line and paragraph separators,
 * halves of a surrogate pair, whatever Unicode calls ignorable (variation selectors, Hangul fillers, U+034F), and what is
 * no character.
 */
const HIDDEN = String.raw`[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]`;

/** One emoji, or a joined sequence of them, by the grammar of UTS #51. Its lists would cost 80 ms to load, and grow each year. */
const EMOJI = String.raw`(?:\p{Emoji_Modifier_Base}\p{Emoji_Modifier}|(?=\p{Emoji})\p{Extended_Pictographic}[\ufe0e\ufe0f]?)`;
const EMOJI_SEQUENCE = String.raw`${EMOJI}(?:\u200d${EMOJI})*`;
const KEYCAP = String.raw`[0-9#*]\ufe0f\u20e3`;
/** England, Scotland, Wales: the only flags of this kind that UTS #51 recommends. */
const FLAG = ["gbeng", "gbsct", "gbwls"].map((code) => `\\u{1f3f4}${tagsOf(code)}\\u{e007f}`).join("|");

/** Persian words are written with it: UAX #31, A1. */
const PARTED_LETTERS = String.raw`(?<=\p{Script=Arabic}(?:(?!\p{Default_Ignorable_Code_Point})\p{Mn})*)\u200c(?=\p{Script=Arabic})`;
/** Behind the virama of the scripts of India and Sri Lanka these choose a letter's form: RFC 5892, A.1 and A.2. */
const CHOSEN_FORM = String.raw`(?<=[\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca])[\u200c\u200d]`;

const MEANT = [FLAG, EMOJI_SEQUENCE, KEYCAP, PARTED_LETTERS, CHOSEN_FORM].join("|");

/** Colours, which only the program itself has put there. */
const COLOR = String.raw`\u001b\[[\d;]*m`;

/** Every hidden character. */
export const ANY_HIDDEN: RegExp = new RegExp(HIDDEN, "gu");
/** The first group: a hidden character that is not meant to be there. */
export const UNMEANT: RegExp = new RegExp(`${MEANT}|(${HIDDEN})`, "gu");
/** The same in text of the program's own making, which has lines and tabs; and in one that has colours. */
export const UNMEANT_IN_LINES: RegExp = new RegExp(`[\\n\\t]|${MEANT}|(${HIDDEN})`, "gu");
export const UNMEANT_IN_COLOR: RegExp = new RegExp(`${COLOR}|[\\n\\t]|${MEANT}|(${HIDDEN})`, "gu");

function tagsOf(code: string): string {
  return Array.from(code, (letter) => `\\u{${(0xe0000 + letter.charCodeAt(0)).toString(16)}}`).join("");
}
