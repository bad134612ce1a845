/** What a manifest says of where a session came from. */
import { expect, test } from "vitest";
import { liftOrigin } from "../../src/format/origin.js";
import { decodeManifest } from "../../src/format.js";
import { bytesOf, toBytes } from "../../src/index.js";
import { encode, jsonl, keysOf, makeSession, world } from "../support.js";

test("says where a session came from, what is known of it, and where the members of its unit lay", async () => {
  const w = world();
  const source = { identity: "codex:0199", host: "laptop" };
  const facts = { by: "transcripts", version: 3, values: { title: "fix the parser" } };
  const members = { side: { path: "subagents/a.jsonl", mode: 0o600, mtimeMs: 1.5 }, output: { path: 7, mode: 1e9 } };
  const meta = { "session:source": source, "session:facts": facts, "session:members": members, title: "mine" };
  await makeSession(w, "s", jsonl(3), meta as never);
  await w.ports.blobs.create({ id: "s", name: "side" }, "live-1", bytesOf(encode("a sidecar")));
  await w.archiver.archive("s");
  const key = (await keysOf(w)).find((one) => one.endsWith(".json")) ?? "";
  const manifest = decodeManifest(await toBytes(w.ports.archives.read(key)), key);
  expect(manifest).toMatchObject({ format: 2, store: await w.archiver.storeId(), source, facts });
  expect(manifest.meta).toMatchObject({ title: "mine", view: "agent" });
  expect(manifest.meta).not.toHaveProperty("session:facts");
  const [output, side] = manifest.files;
  expect(side).toMatchObject(members.side);
  expect(output).not.toHaveProperty("path");
  expect(output).not.toHaveProperty("mode");
  // The catalogue keeps all of it as it was.
  expect((await w.archiver.info("s")).meta).toMatchObject(meta);
});

test("what has another shape than facts and sources stays where it was", async () => {
  const meta = { "session:source": "a string", "session:facts": { by: "x", version: "1", values: [] } };
  expect(liftOrigin(meta)).toMatchObject({ source: undefined, facts: undefined, rest: meta });
});
