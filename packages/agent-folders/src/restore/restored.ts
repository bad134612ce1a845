/** What a restore has done. */
export interface RestoredUnit {
  readonly id: string;
  readonly nativeId: string;
  readonly source: string;
  /** How many files were put back, and their bytes; the others were in their places. */
  readonly restoredFiles: number;
  readonly restoredBytes: number;
  /** All files of the unit. */
  readonly files: readonly { readonly root: string; readonly path: string; readonly location: string }[];
  /** What people should know, each thing once: `--continue will pick it up`. */
  readonly warnings: readonly string[];
  /** Sessions whose files its agent needs to resume it, and that were put back with it. */
  readonly ancestors: readonly string[];
}
