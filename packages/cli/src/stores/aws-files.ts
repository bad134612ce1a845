/** The files in which the tools of AWS keep profiles: `~/.aws/credentials` and `~/.aws/config`. */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { ArchiverError } from "@session-archiver/core";

type Env = Readonly<Record<string, string | undefined>>;

/** Settings by their names, in lower case. */
export type Profile = ReadonlyMap<string, string>;

export interface AwsFiles {
  readonly credentials: string;
  readonly config: string;
}

export function awsFiles(env: Env): AwsFiles {
  const folder = join(env["HOME"] || env["USERPROFILE"] || homedir(), ".aws");
  return {
    credentials: env["AWS_SHARED_CREDENTIALS_FILE"] || join(folder, "credentials"),
    config: env["AWS_CONFIG_FILE"] || join(folder, "config"),
  };
}

/**
 * What the files say of a profile; `undefined` if neither knows it. The credentials come before the config. `INVALID_ARGUMENT` if a file is
 * there and can't be read.
 */
export async function profileIn({ credentials, config }: AwsFiles, name: string): Promise<Profile | undefined> {
  const found = [
    sectionIn(await textOf(config), (title) => profileTitle(title) === name || (name === "default" && title === name)),
    sectionIn(await textOf(credentials), (title) => title === name),
  ];
  if (found.every((section) => section === undefined)) return undefined;
  return new Map(found.flatMap((section) => [...(section ?? [])]));
}

/** `profile NAME`, as the config calls all but the default one; the name may be quoted. */
function profileTitle(title: string): string | undefined {
  return /^profile\s+(["']?)(.+)\1$/.exec(title)?.[2];
}

/** A section may come in several pieces. Indented lines belong to a setting of their own, and none of those is needed. */
function sectionIn(text: string, isIt: (title: string) => boolean): Map<string, string> | undefined {
  let section: Map<string, string> | undefined;
  let isInside = false;
  for (const line of text.replace(/^\uFEFF/, "").split(/\r?\n/)) {
    const title = /^\[([^\]]*)\]/.exec(line)?.[1];
    if (title !== undefined) {
      isInside = isIt(title.trim());
      if (isInside) section ??= new Map();
    }
    const [, name, value] = /^([^\s#;[=][^=]*?)\s*=\s*(.*?)(?:\s+[#;].*)?\s*$/.exec(line) ?? [];
    if (isInside && name !== undefined && value) section?.set(name.toLowerCase(), value);
  }
  return section;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "";
    throw new ArchiverError("INVALID_ARGUMENT", `The profiles of AWS can't be read: ${message}`, { cause });
  }
}
