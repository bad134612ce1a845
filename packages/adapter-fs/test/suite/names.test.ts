/** Any text becomes paths that every file system keeps apart, and comes back. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  archiveKeyAt,
  archivePath,
  blobFileParts,
  blobFiles,
  deepArchivePath,
  mayHold,
  type Path,
  recordPath,
  sessionPath,
} from "../../src/layout.js";
import { textOf } from "../../src/names.js";

/** Parts that make difficult names: joined, they are paths, devices, escapes and prefixes of each other. */
const PIECES = [
  ...'abcXYZ09-_. /\\%+~@:*?"<>|\0\n',
  ...["..", "./", "//", "con", "CON", "nul.txt", "aux.", "COM1", "lpt9", ".raw", ".json", ".jsonl.gz", ".size", ".tmp"],
  ...["%2f", "%2F", "+x", "é", "e\u0301", "ﬁ", "ß", "İ", "ı", "K", "語", "😀", "x".repeat(60), "É".repeat(30)],
];

const name = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 12 }).map((pieces) => pieces.join("")),
  fc.string({ unit: "binary", minLength: 1, maxLength: 40 }),
  fc.string({ unit: "binary", minLength: 300, maxLength: 500 }),
);

const DEVICE = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

function checkComponents(path: Path): void {
  for (const component of path) {
    expect(component).toMatch(/^[a-z0-9_.+%~@-]+$/);
    expect(component.length).toBeLessThanOrEqual(255);
    expect(component).not.toMatch(DEVICE);
    expect(component).not.toMatch(/^\.|\.$/);
  }
  for (const directory of path.slice(0, -1)) expect(directory).not.toContain(".");
  expect(path.join("/").length).toBeLessThanOrEqual(255);
}

/** The path on a file system that ignores case and changes Unicode forms. */
function folded(path: Path): string {
  return path.join("/").normalize("NFC").toLowerCase();
}

function isShortened(path: Path): boolean {
  return path.some((component) => component.includes("~"));
}

const KINDS: readonly { kind: string; path: (text: string) => Path; text: (path: Path) => string | undefined }[] = [
  { kind: "archive keys", path: archivePath, text: archiveKeyAt },
  { kind: "archive keys of older builds", path: deepArchivePath, text: archiveKeyAt },
  { kind: "ids", path: sessionPath, text: (path) => path.map(textOf).join("/") },
  {
    kind: "blob names",
    path: (text) => [blobFiles(text, "g").data],
    text: ([file = ""]) => textOf(blobFileParts(file)?.name ?? ""),
  },
  {
    kind: "generations",
    path: (text) => [blobFiles("output", text).record],
    text: ([file = ""]) => textOf(blobFileParts(file)?.generation ?? ""),
  },
];

describe.each(KINDS)("$kind", ({ kind, path, text }) => {
  test("are safe in every component, and come back", () => {
    fc.assert(
      fc.property(name, (original) => {
        const encoded = path(original);
        checkComponents(kind === "ids" ? recordPath(encoded) : encoded);
        if (!isShortened(encoded)) expect(text(encoded)).toBe(original);
      }),
      { numRuns: 1000 },
    );
  });

  test("that differ have paths that differ, whatever a file system folds", () => {
    const variant = fc.constantFrom(
      (x: string) => x.toLowerCase(),
      (x: string) => x.toUpperCase(),
      (x: string) => x.normalize("NFD"),
      (x: string) => x.normalize("NFKC"),
      (x: string) => path(x).join("/"),
      (x: string) => `${x}.raw`,
      (x: string) => `${x}/`,
      (x: string) => `${x}.`,
      (x: string) => x.slice(0, -1),
    );
    fc.assert(
      fc.property(name, variant, (one, vary) => {
        const other = vary(one);
        if (other !== one) expect(folded(path(other))).not.toBe(folded(path(one)));
      }),
      { numRuns: 1000 },
    );
  });
});

test("a file and a directory never want the same path", () => {
  fc.assert(
    fc.property(name, name, (one, other) => {
      const file = archivePath(one).join("/");
      for (let depth = 1; depth < archivePath(other).length; depth++) {
        expect(archivePath(other).slice(0, depth).join("/")).not.toBe(file);
      }
    }),
  );
});

test("no archive lies where another one would have lain for an older build", () => {
  fc.assert(
    fc.property(name, name, (one, other) => {
      fc.pre(one !== other);
      expect(archivePath(one)).not.toEqual(deepArchivePath(other));
    }),
  );
  expect(archivePath("0123456789ab/3f/claude-code/my project/../x.jsonl.gz")).toEqual([
    ...["0123456789ab", "3f", "claude-code%2fmy%20project%2f..%2fx.jsonl.gz"],
  ]);
});

test("a directory is looked into if a name with the prefix lies below it", () => {
  fc.assert(
    fc.property(name, fc.nat(), (id, length) => {
      const path = sessionPath(id);
      for (let depth = 1; depth <= path.length; depth++) {
        expect(mayHold(path.slice(0, depth), id.slice(0, length))).toBe(true);
      }
    }),
  );
  expect(mayHold(["claude-code"], "codex/")).toBe(false);
  expect(mayHold(["Foreign"], "")).toBe(false);
});

test("common names stay readable", () => {
  const uuid = "21a2e002-7d4e-4a53-9a3f-0123456789ab";
  expect(sessionPath(uuid)).toEqual([uuid]);
  expect(sessionPath(`claude-code/entireio__cli/${uuid}`)).toEqual(["claude-code", "entireio__cli", uuid]);
  expect(sessionPath("-Users-ada-workspace")).toEqual(["-+users-ada-workspace"]);
  expect(sessionPath("../con/a b")).toEqual(["%2e%2e", "%63on", "a%20b"]);
  expect(archivePath("p/a.20251122t162410123z-0123456789abcdef.jsonl.gz").join("/")).toBe(
    "p/a.20251122t162410123z-0123456789abcdef.jsonl.gz",
  );
  expect(archivePath(".hidden.json")).toEqual(["%.hidden.json"]);
  expect(archivePath("plain")).toEqual(["plain.raw"]);
  expect(blobFiles("output", "r-1").data).toBe("output@r-1.jsonl");
  expect(blobFiles("subagents/agent-1.jsonl", "g").data).toBe("subagents%2fagent-1.jsonl@g.jsonl");
  expect(blobFiles("shot.png", "g").data).toBe("shot.png@g.blob");
});

test("archives keep the ending of their key, however long it is", () => {
  for (const ending of [".jsonl.gz", ".json", ".1.gz"]) {
    for (const stem of ["a", "É", "x".repeat(1000), "語".repeat(1000), "a/".repeat(300), "nul"]) {
      expect(archivePath(`${stem}${ending}`).at(-1)?.endsWith(ending)).toBe(true);
    }
  }
});

test("paths that no name has stand for nothing", () => {
  const foreign = [
    "A.gz",
    "a b.gz",
    "é.gz",
    "%2F.gz",
    "%61.gz",
    "+1.gz",
    ".hidden.gz",
    "a.",
    "con.gz",
    "a",
    "%ff.gz",
    "%%2e.gz",
  ];
  for (const file of foreign) expect(archiveKeyAt([file])).toBeUndefined();
  expect(archiveKeyAt(["a.b", "c.gz"])).toBeUndefined();
});
