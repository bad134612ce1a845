import { ArchiverError } from "@session-archiver/core";
import { expect, test } from "vitest";
import { isBusy, translate } from "../src/failure.js";

/** Failures that a test can't cause on every machine, in the shapes of the two libraries. */
const nodeError = (errcode: number): Error =>
  Object.assign(new Error("from SQLite"), { code: "ERR_SQLITE_ERROR", errcode });
const betterError = (code: string): Error => Object.assign(new Error("from SQLite"), { code });

test.each([
  ["SQLITE_FULL", 13, "QUOTA"],
  ["SQLITE_IOERR_SHMSIZE", 4874, "QUOTA"],
  ["SQLITE_CORRUPT_INDEX", 779, "CORRUPT"],
  ["SQLITE_NOTADB", 26, "CORRUPT"],
  ["SQLITE_IOERR_READ", 266, "UNAVAILABLE"],
  ["SQLITE_READONLY", 8, "UNAVAILABLE"],
  ["SQLITE_CANTOPEN", 14, "UNAVAILABLE"],
])("%s (%i) is %s, with its context and cause", (name, errcode, code) => {
  for (const cause of [nodeError(errcode), betterError(name)]) {
    expect(isBusy(cause)).toBe(false);
    expect(translate(cause, { id: "s", key: "k" })).toMatchObject({
      name: "ArchiverError",
      code,
      id: "s",
      key: "k",
      cause,
    });
  }
});

test.each([
  ["SQLITE_CANTOPEN_FULLPATH", 782, /^from SQLite: its folder must exist/],
  ["SQLITE_READONLY_DBMOVED", 1032, /^from SQLite: .* is read-only/],
  ["SQLITE_IOERR_FSYNC", 1034, /^from SQLite: the disk has failed/],
])("%s (%i) says what to look at", (name, errcode, message) => {
  for (const cause of [nodeError(errcode), betterError(name)]) {
    expect(translate(cause, {})).toMatchObject({ code: "UNAVAILABLE", message: expect.stringMatching(message), cause });
  }
});

test.each([
  ["SQLITE_BUSY", 5],
  ["SQLITE_BUSY_SNAPSHOT", 517],
  ["SQLITE_LOCKED", 6],
])("%s (%i) may pass", (name, errcode) => {
  expect(isBusy(nodeError(errcode))).toBe(true);
  expect(isBusy(betterError(name))).toBe(true);
});

test.each([
  ["database is locked", "SQLITE_BUSY", 5],
  ["database table is locked: sa_objects", "SQLITE_LOCKED", 6],
  ["attempt to write a readonly database", "SQLITE_READONLY", 8],
  ["disk I/O error", "SQLITE_IOERR", 10],
  ["database disk image is malformed", "SQLITE_CORRUPT", 11],
  ["database or disk is full", "SQLITE_FULL", 13],
  ["unable to open database file: /a.db", "SQLITE_CANTOPEN", 14],
  ["file is not a database", "SQLITE_NOTADB", 26],
])("an error without a number is known by its words: %s (%s)", (words, _, errcode) => {
  const worded = Object.assign(new Error(words), { code: "ERR_SQLITE_ERROR" });
  const numbered = Object.assign(new Error(words), { code: "ERR_SQLITE_ERROR", errcode });
  expect(isBusy(worded)).toBe(isBusy(numbered));
  expect(translate(worded, {})).toMatchObject({ ...translate(numbered, {}), cause: worded });
});

test("an error of other code is not recognised by its words", () => {
  expect(isBusy(new Error("database is locked"))).toBe(false);
});

test.each([
  ["Node", "ERR_OUT_OF_RANGE"],
  ["Bun, which gives no code", undefined],
])("a number beyond 2^53 is no number of ours: %s", (_, code) => {
  const message = "Value is too large to be represented as a JavaScript number: 9007199254740993";
  expect(translate(Object.assign(new RangeError(message), { code }), {})).toMatchObject({ code: "CORRUPT" });
});

test("this project's errors keep their message, and get the context that they lack", () => {
  const precise = new ArchiverError("CONFLICT", "It has grown.", { id: "s" });
  expect(translate(precise, { id: "t" })).toBe(precise);
  const vague = new ArchiverError("CORRUPT", "Bytes are missing.");
  expect(translate(vague, { id: "t" })).toMatchObject({ code: "CORRUPT", message: "Bytes are missing.", id: "t" });
});
