/** How each command is used: two to four examples, as people would type them. */

export interface Example {
  /** What it does, in a few words. */
  readonly does: string;
  readonly line: string;
}

type Pairs = readonly (readonly [does: string, line: string])[];

const EXAMPLES: Readonly<Record<string, Pairs>> = {
  list: [
    ["all sessions, the last active first", "session-archiver list"],
    ["what was worked on in this folder in the last month", "session-archiver list --project . --since 30d"],
    [
      "the largest archived ones of Codex",
      "session-archiver list --agent codex --state archived --sort size --limit 10",
    ],
    [
      "archive every session of more than 50 MB",
      "session-archiver list --json | jq -r '.sessions[] | select(.rawBytes > 5e7) | .id' | session-archiver archive -",
    ],
  ],
  search: [
    ["lines that hold all words, the newest session first", "session-archiver search race condition"],
    [
      "a phrase that somebody said, in this folder's sessions",
      "session-archiver search 'lost update' --in prose --project .",
    ],
    ["archive every session that speaks of it", "session-archiver search -l postgres | session-archiver archive -"],
    ["a pattern, with two lines around each", "session-archiver search -E 'ECONN(RESET|REFUSED)' -C 2"],
  ],
  show: [
    ["read a conversation", "session-archiver show 0b2c3d4e"],
    ["around a line that a search has found", "session-archiver show 0b2c3d4e --line 812 -C 3"],
    ["the last three turns, with tools and their output", "session-archiver show 0b2c3d4e --last 3 --tools"],
    ["the session that was active last", "session-archiver show --last"],
  ],
  facts: [
    ["what lists show of sessions, where it is missing", "session-archiver facts"],
    ["anew for one agent's, after an update", "session-archiver facts --refresh --agent codex"],
  ],
  info: [
    ["everything known of one session", "session-archiver info 0b2c3d4e"],
    ["its metadata as JSON", "session-archiver info 0b2c3d4e --json | jq '.[0].meta'"],
  ],
  cat: [
    ["the last 20 lines, archived or not", "session-archiver cat 0b2c3d4e --tail 20 | jq ."],
    ["the second to the tenth line", "session-archiver cat 0b2c3d4e --lines 2:10"],
    ["what was said since noon of that day", "session-archiver cat 0b2c3d4e --since 2026-01-31T12:00"],
    ["what it held before its file was rewritten", "session-archiver cat 0b2c3d4e --kept 1"],
  ],
  export: [
    ["into a file named after the session", "session-archiver export 0b2c3d4e"],
    ["the archive's own bytes, as .gz", "session-archiver export 0b2c3d4e -o talk.jsonl.gz"],
    ["to another program", "session-archiver export 0b2c3d4e -o - | wc -l"],
  ],
  stats: [
    ["totals of all sessions", "session-archiver stats"],
    ["what one project takes", "session-archiver stats --project shop"],
    ["how much is saved, as a number", "session-archiver stats --json | jq .savedBytes"],
  ],
  sweep: [
    ["what it would do, by project", "session-archiver sweep --source claude-code --dry-run"],
    [
      "archive and free agents' sessions; asks before the first run",
      "session-archiver sweep --source claude-code,codex",
    ],
    [
      "all but one project, and what was active this month",
      "session-archiver sweep --source codex --exclude 'project=/home/me/work/**' --keep-within 30",
    ],
    ["archive what was imported, and keep to 10 GiB", "session-archiver sweep --max-total-bytes 10GiB"],
  ],
  free: [
    ["what it would give back", "session-archiver free 0b2c3d4e --dry-run"],
    ["take its files away, as they are archived", "session-archiver free 0b2c3d4e --yes"],
  ],
  resume: [
    ["put it back, and start its agent there", "session-archiver resume 0b2c3d4e"],
    ["only show the command", "session-archiver resume 0b2c3d4e --print"],
  ],
  restore: [
    ["put a session back where its agent reads it", "session-archiver restore 0b2c3d4e"],
    ["several, from a list", "session-archiver restore - < ids.txt"],
    ["into live storage instead", "session-archiver restore 0b2c3d4e --to-store"],
  ],
  undo: [
    ["put back what the last run took", "session-archiver undo"],
    ["what another run took, as `history` names it", "session-archiver undo 3f9a1c0d2b4e5f60"],
  ],
  history: [
    ["what was given up, and put back", "session-archiver history"],
    ["the last run's name", "session-archiver history --json | jq -r '.[0].run'"],
  ],
  import: [
    ["copy all sessions of Claude Code", "session-archiver import ~/.claude/projects"],
    [
      "from cron: take in what is new, then archive what is idle",
      "session-archiver import ~/.codex/sessions && session-archiver sweep",
    ],
    [
      "take in another machine's archives; a bad file is a failure",
      "session-archiver import /mnt/backup/archives --strict",
    ],
  ],
  archive: [
    ["now, however recent", "session-archiver archive 0b2c3d4e"],
    ["with right times, where version 0.1 noted wrong ones", "session-archiver archive 0b2c3d4e --mend-times"],
    ["as one file, after many rounds", "session-archiver archive 0b2c3d4e --repack"],
  ],
  pin: [
    ["never sweep or prune it, nor its subagents' sessions", "session-archiver pin 0b2c3d4e"],
    ["several, from a list", "session-archiver pin - < ids.txt"],
  ],
  unpin: [
    ["let sweeps and prunes have it again", "session-archiver unpin 0b2c3d4e"],
    [
      "all that are pinned",
      "session-archiver list --json | jq -r '.sessions[] | select(.pinned) | .id' | session-archiver unpin -",
    ],
  ],
  verify: [
    ["read every archive to the last byte", "session-archiver verify"],
    ["nightly: as far as it comes, then go on from there", "session-archiver verify --continue"],
    ["a twentieth of them, picked at random", "session-archiver verify --sample 5%"],
  ],
  doctor: [
    ["say what is wrong, and change nothing", "session-archiver doctor"],
    ["say what a repair would do", "session-archiver doctor --repair --dry-run"],
    ["do what is safe", "session-archiver doctor --repair"],
  ],
  salvage: [
    ["what of a damaged archive can be had", "session-archiver salvage 0b2c3d4e --dry-run"],
    ["bring it back, and name the lines that are lost", "session-archiver salvage 0b2c3d4e"],
  ],
  mend: [
    ["a Codex thread that `doctor` names", "session-archiver mend codex:0199a213-81c0-7800-8aa1-bbab2a035a53"],
    ["the copy's id, for a script", "session-archiver mend 0199a213 --json | jq -r .copy"],
  ],
  rebuild: [
    ["make a lost catalogue anew from the archives", "session-archiver rebuild"],
    ["without reading each archive", "session-archiver rebuild --quick"],
    ["with the archives of another store, as `doctor` names it", "session-archiver rebuild --store-id 0123456789ab"],
  ],
  "catch-up": [
    ["let a catalogue from a backup delete again", "session-archiver catch-up"],
    ["of another home", "session-archiver --home /mnt/backup/home catch-up"],
  ],
  prune: [
    ["what would go to keep archives to 10 GiB", "session-archiver prune --max-total-bytes 10GiB --dry-run"],
    ["mark the oldest; two weeks to think again", "session-archiver prune --max-total-bytes 10GiB --grace 14"],
    ["delete the bytes of those whose time is over", "session-archiver prune"],
  ],
  "undo-prune": [
    ["take a tombstone back, while the bytes are there", "session-archiver undo-prune 0b2c3d4e"],
    [
      "all of them",
      "session-archiver list --json | jq -r '.sessions[] | select(.state == \"pruned\") | .id' | session-archiver undo-prune -",
    ],
  ],
  gc: [
    ["what no session needs any more", "session-archiver gc --dry-run"],
    ["delete it, however new", "session-archiver gc --grace 0"],
    ["also show what nothing explains, and ask", "session-archiver gc --unknown"],
  ],
  forget: [
    ["what is known of a session", "session-archiver forget 0b2c3d4e --dry-run"],
    ["delete all of it for good; asks first", "session-archiver forget 0b2c3d4e"],
    ["let it be imported again", "session-archiver forget --undo 0b2c3d4e"],
  ],
  completion: [
    ["in ~/.bashrc", 'eval "$(session-archiver completion bash)"'],
    ["in ~/.zshrc, after compinit", 'eval "$(session-archiver completion zsh)"'],
    ["in ~/.config/fish/config.fish", "session-archiver completion fish | source"],
  ],
  help: [
    ["all commands", "session-archiver help"],
    ["one command, with examples", "session-archiver help sweep"],
  ],
};

export function examplesOf(command: string): readonly Example[] {
  return (EXAMPLES[command] ?? []).map(([does, line]) => ({ does, line }));
}

export function examplesText(command: string): string {
  const examples = examplesOf(command);
  if (examples.length === 0) return "";
  return `\nExamples:\n${examples.map(({ does, line }) => `  # ${does}\n  ${line}`).join("\n")}`;
}
