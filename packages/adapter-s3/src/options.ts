/** A caller's options, checked. */
import { ArchiverError, checkCount } from "@session-archiver/core/adapter";
import type { CreateOnly } from "./create-only.js";
import { optionsOfClient, type S3SdkClient, sdkTransport } from "./http/sdk-client.js";
import type { S3Credentials } from "./http/signer.js";
import { fetchTransport, type Transport } from "./http/transport.js";
import type { OnNotice } from "./notices.js";

export interface S3Options {
  readonly bucket: string;
  /** Default: Amazon's of the region. `https://host`, with a path if the service is below one. */
  readonly endpoint?: string | URL | undefined;
  /** Default `us-east-1`, which most servers other than Amazon's take. */
  readonly region?: string | undefined;
  /** A function is called before each request: it may renew them, and should remember them. Needed unless there is a `client`. */
  readonly credentials?: S3Credentials | (() => S3Credentials | Promise<S3Credentials>) | undefined;
  /**
   * An `S3Client` of `@aws-sdk/client-s3`. What of `credentials`, `region`, `endpoint` and `pathStyle` isn't given here is its own, and
   * requests go over its connections (`requestHandler`).
   */
  readonly client?: S3SdkClient | undefined;
  /**
   * What the names of all objects begin with, below which there must be nothing of anybody else. Default `session-archives/`. Letters,
   * digits, `.`, `_`, `-` and `/`, 100 at most; `""` for a bucket that holds nothing else.
   */
  readonly prefix?: string | undefined;
  /** `https://host/bucket` instead of `https://bucket.host`. Default: `true` where `endpoint` is given. */
  readonly pathStyle?: boolean | undefined;
  /** Default: tried out when the sink is opened. */
  readonly createOnly?: CreateOnly | undefined;
  /**
   * Bytes of a part of a long archive, of which two are in memory at a time; shorter archives are one request. Default 8 MiB, from 5 MiB to
   * 5 GiB. An archive has at most 10,000 parts.
   */
  readonly partBytes?: number | undefined;
  /** Of new archives, such as `STANDARD_IA` or `GLACIER_IR`. Not one that has to be brought back before it can be read. */
  readonly storageClass?: string | undefined;
  /** How long a request may take until its answer begins, and each piece of the answer. Default 120,000 ms. */
  readonly timeoutMs?: number | undefined;
  /** How often a request is sent in all, if it gets no answer or is asked to come later. Default 5. */
  readonly tries?: number | undefined;
  /** The longest pause before the second try, which doubles with each. Default 200 ms. */
  readonly pauseMs?: number | undefined;
  /** Default: the platform's. */
  readonly fetch?: typeof fetch | undefined;
  /** Called with each object that a listing leaves out because its name is not one of this package's. Default: a warning on the console. */
  readonly onSkipped?: ((error: Error) => void) | undefined;
  /** Called with what a host should know of its bucket. Default: a warning on the console. */
  readonly onNotice?: OnNotice | undefined;
}

/** The options with their defaults. */
export interface Settings {
  readonly bucket: string;
  readonly endpoint: URL;
  readonly region: string;
  readonly credentials: () => Promise<S3Credentials>;
  readonly prefix: string;
  readonly pathStyle: boolean;
  readonly createOnly: CreateOnly | undefined;
  readonly partBytes: number;
  readonly storageClass: string | undefined;
  readonly timeoutMs: number;
  readonly tries: number;
  readonly pauseMs: number;
  readonly transport: Transport;
  readonly onSkipped: (error: Error) => void;
  readonly onNotice: OnNotice;
}

const MIB = 1024 * 1024;
const CREATE_ONLY: readonly unknown[] = [undefined, "both", "put", "keys are random"];

export async function settingsOf(options: S3Options): Promise<Settings> {
  const { client } = options;
  if (client === undefined) return checkOptions(options);
  if (typeof client?.config?.requestHandler?.handle !== "function") {
    refuse("The client must be an S3Client of @aws-sdk/client-s3, version 3.");
  }
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return checkOptions({ ...(await optionsOfClient(client)), ...(given as unknown as S3Options) });
}

export function checkOptions(options: S3Options): Settings {
  const { bucket, region = "us-east-1", prefix = "session-archives/", createOnly, storageClass } = options;
  const { partBytes = 8 * MIB, timeoutMs = 120_000, tries = 5, pauseMs = 200 } = options;
  const { onSkipped = (error) => console.warn(error.message), onNotice = ({ message }) => console.warn(message) } =
    options;
  if (typeof bucket !== "string" || !/^[A-Za-z0-9][A-Za-z0-9._-]{1,254}$/.test(bucket)) {
    refuse(`The bucket must be a name of letters, digits, ".", "_" and "-", is "${bucket}".`);
  }
  if (typeof region !== "string" || !/^[A-Za-z0-9-]+$/.test(region)) refuse(`The region is "${region}".`);
  if (!CREATE_ONLY.includes(createOnly)) {
    refuse(`The option createOnly must be "both", "put" or "keys are random", is "${createOnly}".`);
  }
  if (storageClass !== undefined && !/^[A-Z_]+$/.test(storageClass)) refuse(`The storage class is "${storageClass}".`);
  if (storageClass === "GLACIER" || storageClass === "DEEP_ARCHIVE") {
    refuse(`Archives are read back before they count, which ${storageClass} doesn't allow. GLACIER_IR does.`);
  }
  checkCount(partBytes, "number of bytes of a part");
  if (partBytes < 5 * MIB || partBytes > 5120 * MIB) refuse(`A part has 5 MiB to 5 GiB, not ${partBytes} bytes.`);
  checkCount(timeoutMs, "time limit");
  checkCount(tries, "number of tries");
  checkCount(pauseMs, "pause");
  if (tries === 0 || timeoutMs === 0) refuse("There must be at least one try, and some time for it.");
  const endpoint = endpointOf(options.endpoint ?? `https://s3.${region}.amazonaws.com`);
  const pathStyle = options.pathStyle ?? (options.endpoint !== undefined || bucket.includes("."));
  return {
    ...{ bucket, endpoint, region, pathStyle, createOnly, partBytes, storageClass, timeoutMs, tries, pauseMs },
    ...{ onSkipped, onNotice },
    prefix: checkPrefix(prefix),
    credentials: credentialsOf(options.credentials),
    transport: options.client ? sdkTransport(options.client) : fetchTransport(options.fetch ?? globalThis.fetch),
  };
}

function endpointOf(given: string | URL): URL {
  const url = URL.canParse(String(given)) ? new URL(given) : refuse(`The endpoint is no URL: "${given}".`);
  if (!/^https?:$/.test(url.protocol) || url.username !== "" || url.search !== "" || url.hash !== "") {
    refuse(`The endpoint must be http or https, a host, and perhaps a path, is "${given}".`);
  }
  return url;
}

/** Ends in a slash, unless it is empty. A segment of dots would mean another place in a URL. */
function checkPrefix(prefix: string): string {
  const segments = String(prefix).replace(/\/$/, "").split("/");
  const isSafe = segments.every((segment) => /^[A-Za-z0-9._-]+$/.test(segment) && !/^\.+$/.test(segment));
  if (typeof prefix === "string" && prefix === "") return "";
  if (typeof prefix !== "string" || prefix.length > 100 || !isSafe) {
    refuse(
      `The prefix must be names of letters, digits, ".", "_" and "-" with "/" between, 100 characters at most, is "${prefix}".`,
    );
  }
  return `${segments.join("/")}/`;
}

function credentialsOf(given: S3Options["credentials"]): () => Promise<S3Credentials> {
  if (typeof given !== "function") checkCredentials(given);
  return async () => {
    try {
      return checkCredentials(typeof given === "function" ? await given() : given);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new ArchiverError("UNAVAILABLE", `There are no credentials: ${said}`, { cause });
    }
  };
}

function checkCredentials(given: S3Credentials | undefined): S3Credentials {
  if (given && typeof given.accessKeyId === "string" && typeof given.secretAccessKey === "string") return given;
  return refuse(
    "The credentials must have accessKeyId and secretAccessKey, or be a function that gives them; or there must be a client.",
  );
}

function refuse(message: string): never {
  throw new ArchiverError("INVALID_ARGUMENT", message);
}
