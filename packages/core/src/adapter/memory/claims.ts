/** Claims in memory. */
import type { ClaimChange } from "../../ports.js";

interface Claim {
  readonly owner: string;
  /** Unix ms. */
  readonly until: number;
}

/** Changes the owner's claims, and tells which ids it holds then. */
export type ChangeClaims = (owner: string, change: ClaimChange, ttlMs: number) => (id: string) => boolean;

export function memoryClaims(): ChangeClaims {
  const claims = new Map<string, Claim>();
  return (owner, { take, release }, ttlMs) => {
    const now = Date.now();
    const isMine = (id: string): boolean => claims.get(id)?.owner === owner;
    for (const id of release) if (isMine(id)) claims.delete(id);
    for (const [id, { until }] of claims) if (until <= now && !isMine(id)) claims.delete(id);
    for (const id of take) if (!claims.has(id)) claims.set(id, { owner, until: now + ttlMs });
    for (const id of claims.keys()) if (isMine(id)) claims.set(id, { owner, until: now + ttlMs });
    return isMine;
  };
}
