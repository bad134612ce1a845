/** What every unit says of its members. */
import type { Member, Unit } from "./source.js";

const NS_PER_MS = 1_000_000n;
const HALF_MS = NS_PER_MS / 2n;

/** `members`: the transcript first. The others are sorted by name, so that a unit is the same in each scan. */
export function membersUnit(members: readonly Member[]): Pick<Unit, "members" | "lastModifiedMs"> {
  const [transcript, ...others] = members;
  const sorted = others.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
  return {
    members: transcript ? [transcript, ...sorted] : [],
    lastModifiedMs: members.reduce((latest, member) => Math.max(latest, mtimeMsOf(member)), 0),
  };
}

/** Unix ms, to the nearest: a time that was set in ms may be kept some ns too early. */
export const mtimeMsOf = ({ look }: Pick<Member, "look">): number =>
  Number((BigInt(look.mtimeNs) + HALF_MS) / NS_PER_MS);
