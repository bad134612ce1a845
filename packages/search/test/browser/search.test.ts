/** The search in a real browser, where bytes are decoded without Node's Buffer. */
import { bytesOf, createArchiver, memoryPorts, nativeCodec } from "@session-archiver/core";
import { expect, test } from "vitest";
import { search } from "../../src/index.js";

test("finds text in live and archived sessions, escaped or not", async () => {
  expect("Buffer" in globalThis).toBe(false);
  const archiver = createArchiver({ ...memoryPorts(), codec: nativeCodec() });
  const lines = [
    '{"text":"plain été"}',
    '{"text":"\\u00e9t\\u00E9, \\u0070lain"}',
    '{"text":"neither"}',
    "torn é plain",
  ];
  for (const id of ["live", "archived"]) {
    await archiver.import(id, bytesOf(new TextEncoder().encode(`${lines.join("\n")}\n`)));
  }
  await archiver.archive("archived");
  const found = async (query: string): Promise<string[]> => {
    const places: string[] = [];
    for await (const { session, line } of search(archiver, query)) places.push(`${session.id} ${line}`);
    return places.sort();
  };
  expect(await found("plain")).toEqual(["archived 1", "archived 2", "archived 4", "live 1", "live 2", "live 4"]);
  expect(await found("été")).toEqual(["archived 1", "archived 2", "live 1", "live 2"]);
  expect(await found("é")).toEqual(["archived 1", "archived 2", "archived 4", "live 1", "live 2", "live 4"]);
});
