/** Ids, blob names and sink keys that adapters trip over. */
import { noise } from "./data.js";

/**
 * The longest, of characters in no order (Chinese, 3 bytes each): an index may take a long name that repeats one character, since it
 * counts bytes after compression, and refuse this one.
 */
const VARIED = String.fromCharCode(
  ...Array.from(new Uint16Array(noise(2048).buffer), (unit) => 0x4e00 + (unit % 20_000)),
);

/** All legal, all different. */
export const LEGAL_NAMES: readonly string[] = [
  // Paths.
  "../x",
  "..",
  ".",
  "a/../../b",
  "a/b",
  "a",
  "a/",
  "/a",
  "//a",
  "/etc/passwd",
  "C:\\temp\\x",
  "a\\b",
  "\\\\host\\share",
  // File systems' special names, and what they strip or fold.
  "CON",
  "con",
  "nul.txt",
  "NUL",
  "aux",
  ".hidden",
  "~",
  "~user",
  "trailing.",
  "trailing",
  "trailing ",
  " leading",
  "x:stream",
  "a*b?c",
  '<>"|',
  "-rf",
  "a.tmp",
  "a.lock",
  // Cases, and characters that fold into others.
  "Name",
  "name",
  "NAME",
  "straße",
  "STRASSE",
  "ı",
  "i",
  "I",
  "İ",
  // Unicode forms: composed, decomposed, compatibility, and its ends.
  "\u00e9",
  "e\u0301",
  "\ufb01",
  "fi",
  "\u212b",
  "\u00c5",
  "A\u030a",
  "\ud55c",
  "\u1112\u1161\u11ab",
  "😀",
  "👩‍👩‍👧",
  "\u{10ffff}",
  "\uffff",
  "\ufeffbom",
  "bom",
  "\u200b",
  "\u202egnp.exe",
  "\u00a0",
  // Control characters and separators that adapters join keys with.
  "\0",
  "a\0b",
  "a\nb",
  "a\r\nb",
  "\t",
  "\x7f",
  "\x1b[31m",
  "a:b",
  "a|b",
  "a,b",
  'a","b',
  "a\u001fb",
  // Escapes and queries.
  "%",
  "%2f",
  "%2F",
  "%00",
  "a%20b",
  "a b",
  "a+b",
  "?q=1#f",
  "&amp;",
  "*",
  "_",
  "%_%",
  "'; DROP TABLE blobs; --",
  "$(x)",
  // Names with a meaning in JavaScript.
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "hasOwnProperty",
  "undefined",
  "null",
  "0",
  "-0",
  "1e3",
  "NaN",
  // The longest, and two that differ in their last character only.
  "x".repeat(300),
  "x".repeat(1024),
  `${"x".repeat(1023)}y`,
  "語".repeat(1024),
  "😀".repeat(512),
  "/".repeat(1024),
  VARIED,
  `${VARIED.slice(0, 1023)}語`,
  // A part of the one above it, with a separator.
  "session/output",
  "session",
  "session/output.json",
  "session/output/2",
];

/** A lone surrogate, which can't be encoded; an empty and a too long name; values that are not strings. */
export const ILLEGAL_NAMES: readonly { readonly what: string; readonly value: string }[] = [
  { what: "empty", value: "" },
  { what: "of 1,025 characters", value: "x".repeat(1025) },
  { what: "a lone high surrogate", value: "a\ud800" },
  { what: "a lone low surrogate", value: "\udc00a" },
  ...[undefined, null, 7, true, {}, ["a"]].map((value) => ({
    what: `not a string but ${JSON.stringify(value)}`,
    // Callers need not keep to the types.
    value: value as unknown as string,
  })),
];
