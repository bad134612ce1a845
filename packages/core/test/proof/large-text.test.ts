/** Texts of more than half a gigabyte, which no string holds. */
import { expect, test } from "vitest";
import { bytesOf } from "../../src/index.js";
import { sessionBytes } from "../../src/read/session-bytes.js";

test("more than a string can hold is refused with what to do", async () => {
  const chunk = new Uint8Array(64 * 1024 * 1024).fill(97);
  const bytes = sessionBytes(() => bytesOf(...Array.from({ length: 9 }, () => chunk)));
  const refused = { code: "INVALID_ARGUMENT", message: expect.stringContaining("iterate") };
  await expect(bytes.text()).rejects.toMatchObject(refused);
  await expect(Array.fromAsync(bytes.lines())).rejects.toMatchObject(refused);
});
