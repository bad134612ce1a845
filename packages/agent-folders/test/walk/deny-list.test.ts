/** What is never touched. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isDenied } from "../../src/walk/deny-list.js";

const DENIED = [
  "auth.json",
  "auth.json.bak",
  ".credentials.json",
  "credentials",
  "31435.a5e10756.key",
  "settings.json",
  "settings.local.json",
  ".claude.json",
  ".claude.json.backup.1795907801949",
  "config.toml",
  "state_5.sqlite",
  "state_5.sqlite-wal",
  "thread_history_1.sqlite3",
  "opencode.db",
  "opencode.db-wal",
  ".env",
  ".env.local",
  ".envrc",
  "prod.env",
  "server.pem",
  "id_rsa",
  "id_ed25519.pub",
  ".npmrc",
  "client_secret_1.json",
  "token.txt",
];
const ALLOWED = [
  "0f469ab8-bece-40b3-b3b8-c37e9ea7bc4b.jsonl",
  "agent-a0ad4f44468bdf20d.jsonl",
  "agent-a0ad4f44468bdf20d.meta.json",
  "archived.json",
  "bvt5f7t6w.txt",
  "journal.jsonl",
  "rollout-2026-06-17T07-17-04-019ed470-d40f-7602-a858-248abecba695.jsonl",
  "id_42.jsonl",
  "environment.jsonl",
  "keyboard.jsonl",
  "auth-flow.txt",
  "debug.dbg.jsonl",
];

describe("the deny list", () => {
  test.each(DENIED)("%s is denied", (name) => expect(isDenied(name)).toBe(true));
  test.each(ALLOWED)("%s is not", (name) => expect(isDenied(name)).toBe(false));

  const folder = fc.stringMatching(/^[a-z0-9_. -]{1,12}$/).filter((name) => !/^\.+$/.test(name));
  test("law: in any case, at any depth, with slashes or backslashes", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...DENIED),
        fc.array(folder, { maxLength: 5 }),
        fc.constantFrom("/", "\\"),
        fc.infiniteStream(fc.boolean()),
        (name, folders, slash, upper) => {
          const mixed = [...name].map((letter) => (upper.next().value ? letter.toUpperCase() : letter)).join("");
          expect(isDenied([...folders, mixed].join(slash))).toBe(true);
        },
      ),
    );
  });

  test("law: characters that a file system does not see, or drops, change nothing", () => {
    const unseen = fc.constantFrom("\u200c", "\u200d", "\ufeff", "\u00ad", "\u2060");
    const dropped = fc.constantFrom("", ".", " ", ". .", "::$DATA", ":stream");
    fc.assert(
      fc.property(fc.constantFrom(...DENIED), fc.nat(30), unseen, dropped, (name, at, character, end) => {
        const hidden = name.slice(0, at) + character + name.slice(at);
        expect(isDenied(`a/${hidden}${end}`)).toBe(true);
      }),
    );
  });

  test("forms of letters that file systems take for the plain ones", () => {
    expect(isDenied("\u017fettings.json")).toBe(true);
    expect(isDenied("server.\u212aey")).toBe(true);
    expect(isDenied("ａｕｔｈ.json")).toBe(true);
  });

  test("what lies in folders for keys", () => {
    expect(isDenied("a/.ssh/notes.jsonl")).toBe(true);
    expect(isDenied("a/.GnuPG/x/notes.jsonl")).toBe(true);
    expect(isDenied("a/ssh/notes.jsonl")).toBe(false);
  });

  test("the end of a colon form counts, too", () => expect(isDenied("notes:server.pem")).toBe(true));
});
