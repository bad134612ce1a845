/** The stores that this call of doctor is about. */
import type { AloneContext } from "../command.js";
import { type Places, placesOf } from "../stores/places.js";

export function placesIn({ options, io }: Pick<AloneContext, "options" | "io">): Places {
  return placesOf({ ...options, cwd: io.cwd, env: io.env });
}
