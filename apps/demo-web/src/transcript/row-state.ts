/** What the reader opened in a row. Stored outside the components, which come and go as the list is scrolled. */
import { createContext } from "preact";
import { useContext, useState } from "preact/hooks";

export interface RowContext {
  readonly index: number;
  /** By row and name. */
  readonly store: Map<string, unknown>;
}

export const RowScope = createContext<RowContext>({ index: 0, store: new Map() });

/** Like `useState`, but keeps the value under `name`, so that it survives when the row leaves the document. */
export function useRowState<T>(name: string, initial: T): readonly [T, (value: T) => void] {
  const { index, store } = useContext(RowScope);
  const key = `${index} ${name}`;
  const [, redraw] = useState(0);
  const set = (value: T): void => {
    store.set(key, value);
    redraw((times) => times + 1);
  };
  return [store.has(key) ? (store.get(key) as T) : initial, set];
}

/** A name for a block, derived from its text. Equal texts in one row open together, which is harmless. */
export const nameOf = (kind: string, text: string): string => `${kind} ${text.length} ${text.slice(0, 48)}`;
