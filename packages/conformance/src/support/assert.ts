/** The few assertions that the cases need. They work in any environment and with any runner. */
import { codeOf, type ErrorCode } from "@session-archiver/core/adapter";
import { turn, upTo } from "./data.js";

function fail(message: string): never {
  throw new Error(message);
}

export function check(condition: boolean, message: string): asserts condition {
  if (!condition) fail(message);
}

/** Equal as JSON: the order of an object's keys doesn't matter. `what` names the value. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  if (!same(actual, expected)) fail(`${what}: expected ${show(expected)}, got ${show(actual)}.`);
}

export function equalBytes(actual: Uint8Array, expected: Uint8Array, what: string): void {
  const shorter = Math.min(actual.length, expected.length);
  for (let at = 0; at < shorter; at++) {
    if (actual[at] !== expected[at]) fail(`${what}: byte ${at} is ${actual[at]}, expected ${expected[at]}.`);
  }
  equal(actual.length, expected.length, `${what}: length`);
}

/** Each item once, in any order. */
export function equalSets(actual: readonly string[], expected: readonly string[], what: string): void {
  equal(actual.toSorted(), expected.toSorted(), what);
}

export interface ExpectedContext {
  readonly id?: string;
  readonly key?: string;
}

/** The call must fail with one of these codes and a message, and name the session and key. */
export async function rejects(
  codes: ErrorCode | readonly ErrorCode[],
  what: string,
  call: () => Promise<unknown>,
  context: ExpectedContext = {},
): Promise<void> {
  const result = await attempt(call);
  if ("value" in result) fail(`${what}: expected it to reject with ${codes}, but it resolved.`);
  failsWith(result.error, codes, what);
  const { message, id, key } = result.error as { message?: unknown; id?: unknown; key?: unknown };
  check(typeof message === "string" && message !== "", `${what}: the error has no message.`);
  if (context.id !== undefined) equal(id, context.id, `${what}: the error's id`);
  if (context.key !== undefined) equal(key, context.key, `${what}: the error's key`);
}

export function failsWith(error: unknown, codes: ErrorCode | readonly ErrorCode[], what: string): void {
  const code = codeOf(error);
  if (code === undefined || ![codes].flat().includes(code)) {
    fail(`${what}: expected it to reject with ${codes}, got ${code ?? "no known code"} (${error}).`);
  }
}

export type Attempt<T> = { readonly value: T } | { readonly error: unknown };

/** The outcome of a call, also if it throws instead of rejecting. */
export async function attempt<T>(call: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { value: await call() };
  } catch (error) {
    return { error };
  }
}

/** Repeats a call while it is CONFLICT, up to a limit: an adapter that always rejects must not keep the suite busy. */
export async function insist<T>(call: () => Promise<T>, what: string): Promise<T> {
  for (const _ of upTo(1000)) {
    const result = await attempt(call);
    if ("value" in result) return result.value;
    failsWith(result.error, "CONFLICT", what);
    await turn();
  }
  return fail(`${what}: CONFLICT, a thousand times.`);
}

/** Of concurrent calls one must succeed, and the others fail with one of these codes. Returns the winner. */
export async function oneWins<T>(
  calls: readonly (() => Promise<T>)[],
  codes: ErrorCode | readonly ErrorCode[],
  what: string,
): Promise<{ readonly index: number; readonly value: T }> {
  const results = await Promise.all(calls.map(attempt));
  const winners = results.flatMap((result, index) => ("value" in result ? [{ index, value: result.value }] : []));
  for (const result of results) if ("error" in result) failsWith(result.error, codes, what);
  const [winner] = winners;
  check(winner !== undefined && winners.length === 1, `${what}: exactly one must succeed, ${winners.length} did.`);
  return winner;
}

function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const left = Object.entries(a);
  const right = new Map(Object.entries(b));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && same(value, right.get(key)));
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
