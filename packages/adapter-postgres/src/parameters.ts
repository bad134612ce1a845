/** The parameters of one statement. Each is cast, so that no server and no pooler has to guess a type. */
import type { SqlValue } from "./queryable.js";

export class Parameters {
  readonly values: SqlValue[] = [];

  /** Each gives the text that stands for the value. */
  bytes(value: Uint8Array | null): string {
    return this.#add(value, "bytea");
  }

  /** A whole number: a size or an offset. */
  count(value: number): string {
    return this.#add(value, "int8");
  }

  number(value: number | null): string {
    return this.#add(value, "float8");
  }

  boolean(value: boolean): string {
    return this.#add(value, "boolean");
  }

  uuid(value: string): string {
    return this.#add(value, "uuid");
  }

  #add(value: SqlValue, type: string): string {
    this.values.push(value);
    return `$${this.values.length}::${type}`;
  }
}
