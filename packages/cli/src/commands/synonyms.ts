/** What people type who have other programs in mind, and the commands that do it here. */
export const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  search: ["find", "grep", "rg", "ack", "query", "lookup"],
  list: ["ls", "ll", "dir", "sessions", "recent"],
  show: ["view", "read", "open", "print", "display", "less", "more"],
  info: ["describe", "details", "inspect", "stat"],
  stats: ["status", "usage", "size", "du", "count"],
  history: ["log", "runs"],
  sweep: ["clean", "cleanup", "compact"],
  archive: ["compress", "pack", "store"],
  restore: ["unarchive", "unpack", "extract"],
  resume: ["continue", "start"],
  import: ["add", "load", "ingest"],
  verify: ["check", "fsck", "test"],
  doctor: ["repair", "fix", "diagnose"],
  prune: ["purge", "expire", "delete", "remove", "rm"],
  forget: ["delete", "remove", "rm", "erase"],
  undo: ["revert", "rollback"],
  help: ["man", "manual"],
};

/** The names of commands that may be meant; none for most words. */
export function meantBy(word: string): readonly string[] {
  const wanted = word.toLowerCase();
  return Object.keys(SYNONYMS).filter((name) => SYNONYMS[name]?.includes(wanted));
}
