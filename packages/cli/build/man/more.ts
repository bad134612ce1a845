/** What a manual page tells besides commands and options. */
import { EXIT } from "../../src/exit.ts";

type Terms = readonly (readonly [term: string, what: string])[];

const CODES: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: "All went well, also if the reader of the output had enough.",
  failed: "The command failed, or some of its sessions did. The others are done. `search`: nothing was found.",
  usage: "Wrong usage: nothing was done.",
  mended: "`doctor --repair` has mended what was wrong.",
  unconfirmed: "`sweep --source` and `free` would need a yes: nothing was done.",
  interrupted: "Interrupted by Ctrl-C. Everything is consistent.",
  terminated: "Ended by SIGTERM. Everything is consistent.",
};

export const EXIT_CODES: readonly (readonly [code: number, what: string])[] = Object.entries(EXIT).map(
  ([name, code]) => [code, CODES[name as keyof typeof EXIT]],
);

export const ENVIRONMENT: Terms = [
  ["SESSION_ARCHIVER_HOME", "Where sessions and archives are kept, unless `--home` names another place."],
  [
    "SESSION_ARCHIVER_STORE, SESSION_ARCHIVER_ARCHIVES",
    "The stores, as `--store` and `--archives` name them, unless these or `--home` are given.",
  ],
  [
    "PGHOST, PGPORT, PGUSER, PGDATABASE, PGPASSWORD, PGPASSFILE",
    "What a connection string of PostgreSQL leaves out. Keep a password in ~/.pgpass or PGPASSWORD.",
  ],
  [
    "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN",
    "The keys of a bucket that `--archives` names. AWS_REGION and AWS_ENDPOINT_URL say where it is, unless `--archives` does.",
  ],
  ["SESSION_ARCHIVER_DEBUG", "If it is set, failures come with stack traces."],
  [
    "SESSION_ARCHIVER_PAGER, PAGER",
    "The program that long output goes through on a terminal, instead of `less -FRX`. Empty or `cat`: none.",
  ],
  ["NO_COLOR", "If it is not empty, nothing is coloured. FORCE_COLOR, CLICOLOR_FORCE and CLICOLOR are heeded, too."],
  ["COLUMNS", "The width of tables and texts, instead of the terminal's."],
  ["CLAUDE_CONFIG_DIR", "The folder of Claude Code, if it is not ~/.claude."],
  ["CODEX_HOME", "The folder of Codex, if it is not ~/.codex."],
];

export const FILES: Terms = [
  ["~/.session-archiver/sessions.db", "Live sessions, and what is known of all: the catalogue."],
  ["~/.session-archiver/archives/", "Archives, in files that `zcat` reads, and their manifests."],
];
