/** Files that come with the program. In the folder of sources, as the built program lies one level below the package, too. */
import { readFileSync } from "node:fs";

/** `path`: below the package. */
export function packageFile(path: string): string {
  return readFileSync(new URL(`../${path}`, import.meta.url), "utf8");
}
