/** Shortens text to one line. */

/** The first `limit` characters on one line, with each run of white space as one space. Reads no more than it needs. */
export function excerpt(text: string, limit = 160): string {
  const head = text.slice(0, limit * 4);
  const line = head.replace(/\s+/g, " ").trim();
  if (line.length <= limit && head.length === text.length) return line;
  return `${line.slice(0, limit).trimEnd()}…`;
}

/** `file-history-snapshot` and `fileHistory_snapshot` as "File history snapshot". */
export function words(name: string): string {
  const spaced = name
    .slice(0, 80)
    .replace(/([a-z])([A-Z])/g, "$1 $2")
    .replace(/[-_./]+/g, " ")
    .trim()
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** The path relative to the working directory. */
export function relativePath(path: string, cwd: string | null): string {
  if (cwd === null || cwd === "") return path;
  const folder = /[\\/]$/.test(cwd) ? cwd : cwd + (cwd.includes("\\") ? "\\" : "/");
  return path.startsWith(folder) ? path.slice(folder.length) : path;
}
