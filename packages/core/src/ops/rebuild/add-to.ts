/** Adds one more to those under a key. */
export function addTo<K, T>(lists: Map<K, T[]>, key: K, one: T): void {
  const before = lists.get(key);
  if (before) before.push(one);
  else lists.set(key, [one]);
}
