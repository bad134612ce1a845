/** Real sessions whose archives lie in a bucket, through the program itself: a process for each command. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { type Behaviour, FakeBucket, KEYS, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import { expect, onTestFinished, test } from "vitest";
import { newFolder } from "../support/cli.js";
import { expectWhole, filesBy, listedBy, type Program, programIn, sessionsFor } from "../support/real-sessions.js";

const ENV = { AWS_ACCESS_KEY_ID: KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: KEYS.secretAccessKey };

interface Stage {
  readonly program: Program;
  /** The words that name the bucket. */
  readonly archives: readonly string[];
  readonly bucket: FakeBucket;
  /** `PUT sessions/a`. */
  readonly requests: string[];
}

async function stage(behaviour: Partial<Behaviour> = {}): Promise<Stage> {
  const requests: string[] = [];
  const server = await startFakeS3(({ request: { method, key } }) => void requests.push(`${method} ${key}`));
  onTestFinished(() => server.close());
  const bucket = new FakeBucket(behaviour);
  server.buckets.set("agents", bucket);
  const archives = ["--archives", `s3://agents/sessions?endpoint=${server.url}`];
  return {
    program: programIn(await newFolder(), ["--store", "sqlite:live.db", ...archives], ENV),
    archives,
    bucket,
    requests,
  };
}

test.each(["both", "put"] as const)(
  "real sessions through their whole life, where conditions hold on %s",
  {
    timeout: 600_000,
  },
  async (createOnly) => {
    const { program, archives, bucket, requests } = await stage({ createOnly });
    const from = await sessionsFor(program);
    const { imported } = await program.json<{ imported: number }>("import", ...from);
    const files = await filesBy(program);
    expect([files.size, files.size > 2]).toEqual([imported, true]);

    await program.json("sweep", "--inactive-days", "0");
    expect([...bucket.objects.keys()].filter((name) => !name.startsWith("sessions/"))).toEqual([]);
    const names = [...bucket.objects.keys()].filter((name) => !name.startsWith("sessions/.claims/"));
    // A short session is one object.
    const short = [...files.values()].filter(({ length }) => length < 64 * 1024).length;
    expect(short).toBeGreaterThan(0);
    expect(names.filter((name) => name.endsWith(".gz"))).toHaveLength(imported);
    expect(names.filter((name) => name.includes(".manifest-"))).toHaveLength(short);
    expect(names.filter((name) => /(?<!=2fruns=2f.*)\.json$/.test(name))).toHaveLength(imported - short);
    await expectWhole(program, files);
    expect(await program.json("verify")).toMatchObject({ checked: imported, bad: [] });
    expect(await program.json("doctor")).toMatchObject({ healthy: true });
    expect(await program.json("stats")).toMatchObject({
      sessions: { total: imported },
      onDisk: { storeBytes: expect.any(Number), archiveBytes: null },
      unknown: { count: 0 },
    });

    // What only reads tries nothing out.
    const [id = "", file] = [...files].sort(([, a], [, b]) => b.length - a.length)[0] ?? expect.unreachable();
    requests.length = 0;
    await program.json("export", id, "-o", "out.jsonl.gz");
    expect(gunzipSync(await readFile(join(program.folder, "out.jsonl.gz"))).equals(file as Buffer)).toBe(true);
    expect(requests.filter((request) => !/^(GET|HEAD) /.test(request))).toEqual([]);

    await program.json("restore", "--to-store", id);
    await program.json("archive", id);
    await expectWhole(program, files);
    expect(await program.json("gc", "--grace", "0")).toMatchObject({ unknown: { count: 0 }, refused: null });

    const before = await listedBy(program);
    const lost = programIn(program.folder, ["--store", "sqlite:new.db", ...archives], ENV);
    expect(await lost.json("rebuild")).toMatchObject({ failures: [] });
    await expectWhole(lost, files);
    expect((await listedBy(lost)).map((one) => one.id).sort()).toEqual(before.map((one) => one.id).sort());

    await program.json("prune", "--older-than", "0", "--grace", "0");
    expect([...bucket.objects.keys()].filter((name) => name.endsWith(".gz"))).toEqual([]);
    expect((await program.run("cat", id)).stderr).toContain("PRUNED");
  },
);

test("a bucket that keeps versions is said, and what is forgotten there is not said to be gone", async () => {
  const { program } = await stage({ versioning: "Enabled" });
  const [from = ""] = await sessionsFor(program);
  await program.json("import", from);
  const swept = await program.run("sweep", "--inactive-days", "0");
  expect([swept.exitCode, swept.stderr]).toEqual([0, expect.stringContaining("The bucket keeps versions")]);
  const [session] = await listedBy(program);
  const forgotten = await program.run("forget", "--yes", "--json", session?.id ?? "");
  expect(forgotten.exitCode).toBe(0);
  expect(JSON.parse(forgotten.stdout).erased.onServers).toEqual([
    { store: expect.stringMatching(/^s3:\/\/agents\/sessions/), why: expect.stringContaining("old versions") },
  ]);
});
