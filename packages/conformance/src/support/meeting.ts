/** Lets several calls come to the same point before any of them goes on. */
import { turn } from "./data.js";

export interface Meeting {
  /** One of the calls. It is given what it awaits at the point. */
  member<T>(call: (wait: () => Promise<void>) => Promise<T>): Promise<T>;
}

/** A store may let one call wait for the end of another, so that they never meet: after this time the first goes on alone. */
const PATIENCE_MS = 5_000;

/** For that many calls. One that has ended is not waited for. */
export function meeting(count: number): Meeting {
  let come = 0;
  const open = Promise.withResolvers<void>();
  const arrive = (): void => {
    if (++come === count) open.resolve();
  };
  return {
    async member(call) {
      let isHere = false;
      const arriveOnce = (): void => {
        if (!isHere) arrive();
        isHere = true;
      };
      try {
        return await call(async () => {
          arriveOnce();
          const timer = setTimeout(open.resolve, PATIENCE_MS);
          await open.promise;
          clearTimeout(timer);
          // All of them go on in one turn.
          await turn();
        });
      } finally {
        arriveOnce();
      }
    },
  };
}
