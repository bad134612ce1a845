import { describe, expect, test } from "vitest";
import { openPostgres, type PostgresOptions } from "../src/index.js";

const host = { query: async () => expect.unreachable("A statement was sent.") };

describe("options that are refused before anything is sent", () => {
  test.each<[PostgresOptions, RegExp]>([
    [{ schema: "" }, /schema must be/],
    [{ schema: 'a"; DROP SCHEMA public; --' }, /schema must be/],
    [{ schema: "a".repeat(64) }, /63 at most/],
    [{ prefix: "Sa_" }, /prefix must be/],
    [{ prefix: "a-b" }, /prefix must be/],
    [{ prefix: "a".repeat(33) }, /32 at most/],
    [{ synchronous: "off" as never }, /"full" or "normal", is "off"/],
    [{ maxConnections: 0 }, /at least one connection/],
    [{ connectTimeoutMs: 0 }, /at least 1 ms/],
    [{ connectTimeoutMs: -1 }, /time to connect must be a whole number/],
    [{ readOnly: "yes" as never }, /readOnly must be true or false/],
    [{ readOnly: true, create: true }, /read-only can't be created/],
    [{ maxConnections: 1.5 }, /number of connections must be a whole number/],
  ])("%o", async (options, message) => {
    await expect(openPostgres(host, options)).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message });
  });

  test.each(["", undefined, null, 7, {}, { query: 1 }])("a target like %o", async (target) => {
    const refused = { code: "INVALID_ARGUMENT", message: /connection string, or a pool/ };
    await expect(openPostgres(target as never)).rejects.toMatchObject(refused);
  });
});
