/** Modes of what is put back: its owner can read and write it, nobody else can write it, and nothing can be run. */

export function restoredMode(mode: number): number {
  return (mode & 0o644) | 0o600;
}

export function restoredFolderMode(mode: number): number {
  return (mode & 0o755) | 0o700;
}
