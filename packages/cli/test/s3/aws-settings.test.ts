/** Where keys, region and endpoint come from, in the order of AWS's own tools; and what of theirs is refused, without a key in any message. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { FakeBucket, KEYS, startFakeS3 } from "@session-archiver/test-kit/fake-s3";
import { describe, expect, onTestFinished, test } from "vitest";
import { awsSettings } from "../../src/stores/aws-settings.js";
import { newFolder } from "../support/cli.js";
import { programIn } from "../support/real-sessions.js";
import { transcript, writeFiles } from "../support/sessions.js";

const CREDENTIALS = `\uFEFF# of a test
[default]
aws_access_key_id = ID0
aws_secret_access_key=s3cret/0+=#x
[work]
AWS_ACCESS_KEY_ID = ID1 ; inline
aws_secret_access_key = s3cret1
aws_session_token = t0ken1
[work]
region = from-credentials\r
[half]
aws_access_key_id = ID2
[role]
aws_access_key_id = ID3
aws_secret_access_key = s3cret3
[process]
aws_access_key_id =
`;
const CONFIG = `[default]
region = eu-0
s3 =
  aws_access_key_id = NESTED
[profile work]
region = eu-1
endpoint_url = http://127.0.0.1:9
[profile "two words"]
aws_access_key_id = ID4
aws_secret_access_key = s3cret4
[profile role]
role_arn = arn:aws:iam::1:role/x
source_profile = default
[profile sso]
sso_session = corp
[sso-session corp]
aws_access_key_id = WRONG
[profile process]
credential_process = /bin/print-keys
[profile login]
login_session = arn:aws:iam::1:user/x
[plain]
aws_access_key_id = WRONG
aws_secret_access_key = WRONG
`;

async function files(): Promise<Readonly<Record<string, string>>> {
  const folder = await newFolder();
  await writeFiles(folder, { ".aws/credentials": CREDENTIALS, ".aws/config": CONFIG });
  return { HOME: folder };
}

describe("settings", () => {
  test.each([
    ["the default profile", {}, ["ID0", "s3cret/0+=#x", undefined], "eu-0", undefined],
    [
      "a profile in both files",
      { AWS_PROFILE: "work" },
      ["ID1", "s3cret1", "t0ken1"],
      "from-credentials",
      "http://127.0.0.1:9",
    ],
    [
      "a profile in the config alone",
      { AWS_PROFILE: "two words" },
      ["ID4", "s3cret4", undefined],
      undefined,
      undefined,
    ],
    [
      "the older variable",
      { AWS_DEFAULT_PROFILE: "work", AWS_REGION: "r" },
      ["ID1", "s3cret1", "t0ken1"],
      "r",
      "http://127.0.0.1:9",
    ],
    [
      "variables come first, and need no file",
      {
        AWS_ACCESS_KEY_ID: "ID9",
        AWS_SECRET_ACCESS_KEY: "s3cret9",
        AWS_SHARED_CREDENTIALS_FILE: "/dev/null/x",
        AWS_ENDPOINT_URL: "http://e",
      },
      ["ID9", "s3cret9", undefined],
      undefined,
      "http://e",
    ],
    [
      "keys of variables, with the place of a profile",
      {
        AWS_ACCESS_KEY_ID: "ID9",
        AWS_SECRET_ACCESS_KEY: "s3cret9",
        AWS_SESSION_TOKEN: "t",
        AWS_PROFILE: "sso",
        AWS_REGION: "r",
      },
      ["ID9", "s3cret9", "t"],
      "r",
      undefined,
    ],
  ])("%s", async (_, env, [accessKeyId, secretAccessKey, sessionToken], region, endpoint) => {
    expect(await awsSettings({ ...(await files()), ...env })).toEqual({
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
      region,
      endpoint,
    });
  });

  test.each([
    [{ AWS_PROFILE: "none" }, /no profile "none" \(AWS_PROFILE\) in .*credentials or .*config/],
    [{ AWS_PROFILE: "plain" }, /no profile "plain"/],
    [{ AWS_PROFILE: "half" }, /"half" has aws_access_key_id, and no aws_secret_access_key/],
    [
      { AWS_PROFILE: "role" },
      /"role" gets its keys from a role \(role_arn\).*export-credentials --profile role --format env/,
    ],
    [{ AWS_PROFILE: "sso" }, /single sign-on \(sso_session\)/],
    [{ AWS_PROFILE: "process" }, /another program \(credential_process\)/],
    [{ AWS_PROFILE: "login" }, /a login in the browser/],
    [{ AWS_SECRET_ACCESS_KEY: "s3cret9" }, /environment has AWS_SECRET_ACCESS_KEY, and no AWS_ACCESS_KEY_ID/],
    [
      { HOME: "/dev/null", AWS_WEB_IDENTITY_TOKEN_FILE: "/t" },
      /a role \(AWS_WEB_IDENTITY_TOKEN_FILE\).*credentials --format env/,
    ],
    [{ HOME: "/dev/null", AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://x" }, /role of a container/],
    [{ HOME: "/dev/null" }, /no keys for the bucket.*AWS_PROFILE.*machine's role.*export-credentials/],
    [{ AWS_SHARED_CREDENTIALS_FILE: "/" }, /can't be read: EISDIR/],
  ])("%j is refused, and says what to do", async (env, message) => {
    const settings = awsSettings({ ...(await files()), ...env });
    await expect(settings).rejects.toMatchObject({ code: "INVALID_ARGUMENT", message: expect.stringMatching(message) });
    await expect(settings).rejects.not.toMatchObject({ message: expect.stringMatching(/s3cret|t0ken|ID\d/) });
  });
});

test("the program archives with the keys of a profile, and sends its token", async () => {
  let token: unknown;
  const server = await startFakeS3(({ request: { headers } }) => {
    token = headers["x-amz-security-token"];
    return undefined;
  });
  onTestFinished(() => server.close());
  server.buckets.set("agents", new FakeBucket());
  const folder = await newFolder();
  await writeFiles(folder, { "p/s.jsonl": transcript(5) });
  const file = join(folder, "credentials");
  const { accessKeyId, secretAccessKey } = KEYS;
  const keys = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\naws_session_token = t0ken\n`;
  await writeFile(file, `[backups]\n${keys}endpoint_url = ${server.url}\n`);
  const env = { AWS_PROFILE: "backups", AWS_SHARED_CREDENTIALS_FILE: file, AWS_CONFIG_FILE: join(folder, "none") };
  const none = { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, AWS_ENDPOINT_URL: undefined };
  const program = programIn(folder, ["--archives", "s3://agents"], { ...none, ...env });
  await program.json("import", "p");
  expect(await program.json("sweep", "--inactive-days", "0")).toMatchObject({ archivedCount: 1 });
  expect(token).toBe("t0ken");
});
