/** The check of what an archiver is made of. */
import type { ArchiverOptions } from "./archiver-options.js";
import type { Codec } from "./codec/codec.js";
import { callable, checkOptions, type Known, later, object, shown, wrong } from "./options.js";
import type { Describe } from "./session/describe.js";

const CREATE: Known<ArchiverOptions> = {
  objects: later,
  blobs: later,
  archives: later,
  codec(value, name) {
    const { deflate, inflate, concurrency = 0 } = Object(value) as Partial<Codec>;
    if (typeof deflate === "function" && typeof inflate === "function" && concurrency >= 1) return;
    throw wrong(`${name} must be a codec, as zlibCodec() makes it, is ${shown(value)}.`);
  },
  policy: object,
  describe(value, name) {
    const { by, version, open } = Object(value) as Partial<Describe>;
    if (typeof by === "string" && by !== "" && Number.isSafeInteger(version) && typeof open === "function") return;
    throw wrong(`${name} must have by, version and open, is ${shown(value)}.`);
  },
  openSource: callable,
  onEvent: callable,
  now: callable,
  randomId: callable,
};

/**
 * An opened store may be given as it is, or spread into the options. So its methods (`close`) pass, and what it says of
 * itself in text or lists (`paths`): no option has such values. What looks like a misspelt option is refused.
 */
export function checkArchiverOptions(given: ArchiverOptions): void {
  checkOptions(
    "createArchiver",
    given,
    CREATE,
    (key, value) =>
      value === undefined ||
      typeof value === "string" ||
      Array.isArray(value) ||
      (typeof value === "function" && !/^on/i.test(key)),
  );
}
