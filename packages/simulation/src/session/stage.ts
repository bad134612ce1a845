/** What an actor works with. */
import type { Archiver, Ports } from "@session-archiver/core";
import type { Random } from "@session-archiver/test-kit/random";
import type { World } from "./world.js";

export interface Stage {
  readonly world: World;
  readonly ports: Ports;
  readonly archiver: Archiver;
  readonly random: Random;
  readonly rounds: number;
  /** Whether any actor gives bytes up. */
  readonly purges: boolean;
  /** Whether port calls fail. */
  readonly faulty: boolean;
  /** Whether a sink has kept damaged bytes for this process. */
  damaged(): boolean;
}
