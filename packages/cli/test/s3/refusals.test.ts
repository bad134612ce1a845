/** What can be wrong with a bucket or with how it is named: each is said, and a key never. */
import { FakeBucket, KEYS, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { storeArgument } from "../../src/stores/argument.js";
import { bucketIn } from "../../src/stores/s3-url.js";
import { isSameStore, nameOf, resolvedSpec, specText } from "../../src/stores/spec.js";
import { newFolder } from "../support/cli.js";
import { programIn } from "../support/real-sessions.js";
import { transcript, writeFiles } from "../support/sessions.js";

const ENV = { AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey };
const NONE = {
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_ENDPOINT_URL: undefined,
  HOME: "/dev/null",
};

describe("names", () => {
  test.each([
    ["s3:agents", "s3://agents", { bucket: "agents", prefix: undefined, parameters: {} }],
    ["s3://agents/", "s3://agents/", { bucket: "agents", prefix: undefined, parameters: {} }],
    [
      "s3://agents/a/b?endpoint=https://h:1/x&region=eu-1&path_style=false",
      "s3://agents/a/b?endpoint=https://h:1/x&region=eu-1&path_style=false",
      {
        bucket: "agents",
        prefix: "a/b",
        parameters: { endpoint: "https://h:1/x", region: "eu-1", path_style: "false" },
      },
    ],
  ])("%s", (text, shown, found) => {
    const spec = resolvedSpec(storeArgument(text), "/", {});
    expect([specText(spec), nameOf(spec)]).toEqual([shown, `"${shown}"`]);
    expect(bucketIn(shown)).toEqual(found);
  });

  test("buckets are the same if their names are", () => {
    const [a, b, c] = ["s3:x/p", "s3://x/p", "s3:x/q"].map((text) => storeArgument(text));
    if (!a || !b || !c) return expect.unreachable();
    expect([isSameStore(a, b), isSameStore(a, c)]).toEqual([true, false]);
  });

  test.each([
    "s3://AKIA:s3cret@agents/p",
    "s3://agents/p?secret_access_key=s3cret",
    "s3://agents/p#s3cret",
    "s3:///s3cret",
  ])("%s is refused, and nothing of it said", async (text) => {
    const program = programIn(await newFolder(), ["--archives", text], ENV);
    const { exitCode, stderr } = await program.run("list");
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining("This is no store.")]);
    expect(stderr).not.toMatch(/s3cret|AKIA/);
  });
});

/** Where nobody listens any more. */
async function nowhere(): Promise<string> {
  const server = await startFakeS3();
  await server.close();
  return server.url;
}

/** The program with a session, and archives on a server of the test's own. */
async function stage(env: Readonly<Record<string, string | undefined>> = ENV, isDown = false) {
  const server = await startFakeS3();
  onTestFinished(() => server.close());
  server.buckets.set("agents", new FakeBucket());
  const folder = await newFolder();
  await writeFiles(folder, { "p/s.jsonl": transcript(5) });
  const archives = `s3://agents/p?endpoint=${isDown ? await nowhere() : server.url}`;
  const program = programIn(folder, ["--archives", archives], { ...NONE, ...env });
  return { program, server };
}

test("a bucket can't hold live sessions", async () => {
  const { exitCode, stderr } = await programIn(await newFolder(), ["--store", "s3://agents"], ENV).run("list");
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining("A bucket holds archives alone")]);
});

test.each([
  ["without keys", {}, false, /AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY/],
  ["with a wrong key", { ...ENV, AWS_SECRET_ACCESS_KEY: "other" }, false, /SignatureDoesNotMatch/],
  ["of a server that is down", ENV, true, /ECONNREFUSED/],
])("a bucket %s is said, and a key never", async (_, env, isDown, said) => {
  const { program } = await stage(env, isDown);
  const { exitCode, stderr } = await program.run("import", "p");
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(said)]);
  expect(stderr).toContain('"s3://agents/p');
  expect(stderr).not.toMatch(/testtest|other/);
  const doctor = await program.run("doctor");
  expect([doctor.exitCode, doctor.stdout + doctor.stderr]).toEqual([1, expect.stringMatching(said)]);
});

test("a bucket that is not there, and one that honours no condition, are said", async () => {
  const { program, server } = await stage();
  server.buckets.delete("agents");
  expect((await program.run("import", "p")).stderr).toMatch(/NoSuchBucket|no bucket/i);
  server.buckets.set("agents", new FakeBucket({ createOnly: "none" }));
  expect((await program.run("import", "p")).stderr).toContain("honours no condition");
  const { exitCode } = await programIn(
    program.folder,
    ["--archives", `s3://agents/p?endpoint=${server.url}&create_only=keys are random`],
    ENV,
  ).run("import", "p");
  expect(exitCode).toBe(0);
});

test("variables name the bucket's place, and a parameter comes first", async () => {
  const { server } = await stage();
  const folder = await newFolder();
  await writeFiles(folder, { "p/s.jsonl": transcript(5) });
  const env = { ...ENV, AWS_ENDPOINT_URL: server.url, AWS_REGION: "eu-1", SESSION_ARCHIVER_ARCHIVES: "s3://agents" };
  const named = programIn(folder, [], env);
  await named.json("import", "p");
  expect(await named.json("sweep", "--inactive-days", "0")).toMatchObject({ archivedCount: 1 });
  const [name = ""] = server.buckets.get("agents")?.objects.keys() ?? [];
  expect(name).toMatch(/^session-archives\//);
  const elsewhere = programIn(folder, ["--archives", `s3://agents?endpoint=${await nowhere()}`], env);
  expect((await elsewhere.run("verify")).exitCode).toBe(1);
  expect((await named.run("verify")).exitCode).toBe(0);
});
