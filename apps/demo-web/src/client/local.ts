/** Small preferences in localStorage. If that is forbidden or full, they last as long as the page. */
import { effect, type Signal, signal } from "@preact/signals";

/** A signal whose value is stored under `key`. `isValid` rejects values that an older version, or a person, left there. */
export function kept<T>(key: string, initial: T, isValid: (value: unknown) => value is T): Signal<T> {
  const name = `session-archiver:${key}`;
  const state = signal(read(name, initial, isValid));
  effect(() => write(name, state.value));
  return state;
}

function read<T>(name: string, initial: T, isValid: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    return isValid(value) ? value : initial;
  } catch {
    return initial;
  }
}

function write(name: string, value: unknown): void {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Failing to store a preference is harmless.
  }
}

export function oneOf<T extends string>(...allowed: readonly T[]): (value: unknown) => value is T {
  return (value): value is T => allowed.some((known) => known === value);
}
