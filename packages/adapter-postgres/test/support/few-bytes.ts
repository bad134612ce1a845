/** The cases that don't move many bytes. */
import { type Case, cases } from "@session-archiver/conformance";

const GROUPS =
  /^(Objects|Names|Arguments|Own metadata|Blobs: (append|list)|Archives: stat|Abort|Damage|Two instances|Lifecycle: the worst)/;

export const FEW_BYTES: readonly Case[] = cases.filter(({ concern }) => GROUPS.test(concern));
