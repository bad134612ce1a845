/** Deletes archives that a later one has replaced, and what killed writers have left in the bucket. */
import { rounds } from "./rounds.js";

await rounds(async ({ archiver, archives }, signal) => ({
  ...(await archiver.gc({ signal })),
  left: await archives.collectOrphans({ signal }),
}));
