/** What the tests of reads share. */
import { toBytes } from "../../src/index.js";

export async function decode(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  return new TextDecoder().decode(await toBytes(bytes));
}
