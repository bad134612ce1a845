/** Keys, region and endpoint for a bucket, from where the tools of AWS look for them first: variables, then a profile. */
import { ArchiverError } from "@session-archiver/core";
import { awsFiles, type Profile, profileIn } from "./aws-files.js";

type Env = Readonly<Record<string, string | undefined>>;

export interface AwsSettings {
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly region: string | undefined;
  readonly endpoint: string | undefined;
}

/**
 * `INVALID_ARGUMENT` if there are no keys, or only a way to get some that this program does not know: a role, single sign-on, another
 * program. Messages name settings and files, and no key.
 */
export async function awsSettings(env: Env): Promise<AwsSettings> {
  const fromEnv = keysOf({
    id: env["AWS_ACCESS_KEY_ID"],
    secret: env["AWS_SECRET_ACCESS_KEY"],
    token: env["AWS_SESSION_TOKEN"],
    names: ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"],
  });
  const named = env["AWS_PROFILE"] || env["AWS_DEFAULT_PROFILE"] || undefined;
  // Variables that are complete need no file.
  const profile = fromEnv && named === undefined ? undefined : await openProfile(env, named);
  const credentials = fromEnv ?? keysIn(profile, named ?? "default", env);
  return {
    credentials,
    region: env["AWS_REGION"] || env["AWS_DEFAULT_REGION"] || profile?.get("region"),
    endpoint: env["AWS_ENDPOINT_URL_S3"] || env["AWS_ENDPOINT_URL"] || profile?.get("endpoint_url"),
  };
}

async function openProfile(env: Env, named: string | undefined): Promise<Profile | undefined> {
  const files = awsFiles(env);
  const profile = await profileIn(files, named ?? "default");
  if (profile || named === undefined) return profile;
  return refuse(`There is no profile "${named}" (AWS_PROFILE) in ${files.credentials} or ${files.config}.`);
}

/** Settings of a profile by which the tools of AWS get keys elsewhere, even if it has keys as well. */
const ELSEWHERE: readonly (readonly [setting: RegExp, what: string])[] = [
  [/^role_arn$/, "a role"],
  [/^sso_(session|start_url)$/, "single sign-on"],
];
const ELSEWHERE_WITHOUT_KEYS: typeof ELSEWHERE = [
  [/^credential_process$/, "another program"],
  [/^login_session$/, "a login in the browser"],
];
const ELSEWHERE_IN_ENV: typeof ELSEWHERE = [
  [/^AWS_WEB_IDENTITY_TOKEN_FILE$/, "a role"],
  [/^AWS_CONTAINER_CREDENTIALS_(RELATIVE|FULL)_URI$/, "the role of a container"],
];

function keysIn(profile: Profile | undefined, name: string, env: Env): AwsSettings["credentials"] {
  const settings = [...(profile?.keys() ?? [])];
  const from = `The profile "${name}"`;
  refuseThose(settings, ELSEWHERE, from, ` --profile ${name}`);
  const keys = keysOf({
    id: profile?.get("aws_access_key_id"),
    secret: profile?.get("aws_secret_access_key"),
    token: profile?.get("aws_session_token"),
    names: ["aws_access_key_id", "aws_secret_access_key"],
    from,
  });
  if (keys) return keys;
  refuseThose(settings, ELSEWHERE_WITHOUT_KEYS, from, ` --profile ${name}`);
  refuseThose(
    Object.keys(env).filter((variable) => env[variable]),
    ELSEWHERE_IN_ENV,
    "The environment",
    "",
  );
  return refuse(
    `There are no keys for the bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE. The keys of a machine's role are not looked for: ${exported("")}`,
  );
}

interface Given {
  readonly id: string | undefined;
  readonly secret: string | undefined;
  readonly token: string | undefined;
  readonly names: readonly [id: string, secret: string];
  /** Where they stand, if not in variables. */
  readonly from?: string;
}

function keysOf({ id, secret, token, names, from = "The environment" }: Given): AwsSettings["credentials"] | undefined {
  if (!id && !secret) return undefined;
  if (id && secret) return { accessKeyId: id, secretAccessKey: secret, ...(token && { sessionToken: token }) };
  const [there, missing] = id ? names : names.toReversed();
  return refuse(`${from} has ${there}, and no ${missing}: set both.`);
}

function refuseThose(settings: readonly string[], ways: typeof ELSEWHERE, from: string, option: string): void {
  for (const [pattern, what] of ways) {
    const setting = settings.find((one) => pattern.test(one));
    if (setting === undefined) continue;
    refuse(`${from} gets its keys from ${what} (${setting}), which this program can't do. ${exported(option)}`);
  }
}

function exported(option: string): string {
  return `The tool of AWS prints them as variables: eval "$(aws configure export-credentials${option} --format env)"`;
}

function refuse(message: string): never {
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
