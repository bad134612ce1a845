/** What PostgreSQL's errors, and those of its drivers, become. */
import { ArchiverError } from "@session-archiver/core/adapter";
import { describe, expect, test } from "vitest";
import { isUndone, sqlStateOf, translate } from "../src/failure.js";

const call = { id: "s", key: "output" };
const said = (code: string | undefined, message = "as the server says"): Error =>
  Object.assign(new Error(message), { code });

describe("the server's errors", () => {
  test.each([
    ["53100", "QUOTA", /disk is full.*as the server says.*free space/],
    ["XX001", "CORRUPT", /damaged.*Restore a backup/],
    ["XX002", "CORRUPT", /damaged/],
    ["25006", "UNAVAILABLE", /replica or was made read-only; connect to the primary/],
    ["42501", "UNAVAILABLE", /lacks a right/],
    ["42P01", "UNAVAILABLE", /open the store again/],
    ["28P01", "UNAVAILABLE", /user, password and database/],
    ["53300", "UNAVAILABLE", /no more connections/],
    ["57014", "UNAVAILABLE", /statement_timeout/],
    ["57P01", "UNAVAILABLE", /stopping or starting/],
    ["08006", "UNAVAILABLE", /PostgreSQL 08006/],
    ["40001", "UNAVAILABLE", /nothing was changed, try again/],
  ])("%s is %s", (state, code, message) => {
    expect(translate(said(state), call)).toMatchObject({ ...call, code, message });
  });

  test.each([
    ["40001", true],
    ["40P01", true],
    ["23505", false],
    ["08006", false],
    ["ECONNRESET", false],
  ])("%s was undone for another: %s", (state, expected) => {
    expect(isUndone(said(state))).toBe(expected);
  });
});

describe("a lost connection tells nothing of the statement", () => {
  test.each([undefined, "ECONNRESET", "EPIPE", "CONNECTION_CLOSED"])("with the code %s", (code) => {
    expect(sqlStateOf(said(code))).toBe("");
    const message = /connection to PostgreSQL failed: gone/;
    expect(translate(said(code, "gone"), call)).toMatchObject({ ...call, code: "UNAVAILABLE", message });
  });

  test("even if it is no error at all", () => {
    expect(translate("gone", call)).toMatchObject({ code: "UNAVAILABLE", message: /gone/ });
    expect(translate(undefined, {})).toMatchObject({ code: "UNAVAILABLE" });
  });
});

test("an error of this project keeps its code, and gets the names that it lacks", () => {
  for (const code of ["QUOTA", "CONFLICT", "ABORTED"] as const) {
    expect(translate(new ArchiverError(code, "why"), call)).toMatchObject({ ...call, code, message: "why" });
  }
  const named = new ArchiverError("NOT_FOUND", "why", { id: "other" });
  expect(translate(named, call)).toBe(named);
});
