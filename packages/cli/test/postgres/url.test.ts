/** Connection strings: what of them is shown, and what the driver gets. */
import fc from "fast-check";
import { Client } from "pg";
import { describe, expect, test } from "vitest";
import { storeArgument } from "../../src/stores/argument.js";
import { shownUrl, splitUrl, whyNoUrl } from "../../src/stores/postgres-url.js";
import { isSameStore, nameOf, resolvedSpec, specText } from "../../src/stores/spec.js";

test.each([
  ["postgres://", "postgres://"],
  ["postgresql://ada:secret@db.example/app", "postgres://ada@db.example/app"],
  ["postgres:///app?host=/run/postgresql", "postgres:///app?host=/run/postgresql"],
  ["postgres://ada:secret@/app", "postgres://ada@/app"],
  ["postgres://ada:a%40b@[::1]:5433/app?sslmode=verify-full", "postgres://ada@[::1]:5433/app?sslmode=verify-full"],
  ["postgres://h/app?user=ada&password=secret&schema=x", "postgres://h/app?user=ada&schema=x"],
])("%s is shown as %s", (text, shown) => {
  const spec = storeArgument(text);
  expect(spec).toMatchObject({ kind: "postgres" });
  expect([specText(spec), nameOf(spec)]).toEqual([shown, `"${shown}"`]);
});

test.each([
  "postgres://ada:sec#ret@h/app",
  "postgres://ada:sec/ret@h/app",
  "postgres://ada:12#ret@h/app",
  "postgres://ada:12?ret@h/app",
  "postgres://ada:sec%ffret@h/app",
  "postgres://ada:secret@h:99999/app",
  "mysql://ada:secret@h/app",
  "Postgres://ada:secret@h/app",
  "postgres:ada:secret@h/app",
  "postgres:host=h password=secret",
])("%s is refused, and nothing of it said", (text) => {
  let message = "";
  try {
    resolvedSpec(storeArgument(text), "/");
  } catch (error) {
    message = String(error);
  }
  expect(message).toMatch(/^UsageError: This is no store\. /);
  expect(message).not.toMatch(/sec|ret|ada|12/);
});

test("the adapter's own parameters don't reach the driver, and all others do", () => {
  expect(
    splitUrl("postgres://u:p@h/d?schema=s&sslmode=disable&prefix=x_&application_name=a%26b&synchronous=normal"),
  ).toEqual({
    connection: "postgres://u:p@h/d?sslmode=disable&application_name=a%26b",
    options: { schema: "s", prefix: "x_", synchronous: "normal" },
  });
  expect(splitUrl("postgres://u@/d?schema=s")).toEqual({ connection: "postgres://u@/d", options: { schema: "s" } });
  expect(splitUrl("postgres://h?connect_timeout=2")).toEqual({
    connection: "postgres://h",
    options: { connect_timeout: "2" },
  });
});

test("two stores are the same if a password is all that differs", () => {
  const [a, b, c] = ["a:x@h/d", "a:y@h/d", "a:x@h/d?schema=s"].map((text) => storeArgument(`postgres://${text}`));
  if (!a || !b || !c) return expect.unreachable();
  expect([isSameStore(a, b), isSameStore(a, c)]).toEqual([true, false]);
});

describe("any name and password", () => {
  const word = fc.string({ unit: "binary", minLength: 1, maxLength: 12 }).filter((text) => text.isWellFormed());
  const secret = word.filter((text) => !/^(?:[\w:/.?@%=&-]*)$/.test(text) && encodeURIComponent(text).length > 4);
  const encoded = (text: string): string => encodeURIComponent(text);

  test("reach the driver as they are, and the password is not shown", () => {
    fc.assert(
      fc.property(word, secret, word, (user, password, database) => {
        fc.pre(!user.includes("\0") && !password.includes("\0") && !/[\0/?#]/.test(database));
        const text = `postgres://${encoded(user)}:${encoded(password)}@db.example:5433/${encoded(database)}?schema=s`;
        expect(whyNoUrl(text)).toBeUndefined();
        const client = new Client({ connectionString: splitUrl(text).connection });
        expect([client.user, client.password, client.host, client.port]).toEqual([user, password, "db.example", 5433]);
        expect(shownUrl(text)).toBe(`postgres://${encoded(user)}@db.example:5433/${encoded(database)}?schema=s`);
      }),
    );
  });
});
