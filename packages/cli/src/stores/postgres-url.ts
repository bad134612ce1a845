/** A connection string of PostgreSQL: what of it may be shown, and what of it is this program's. */

/** Parameters that are the adapter's options. The driver knows none of them, not even `connect_timeout`, which PostgreSQL's own tools know. */
const OWN = ["schema", "prefix", "synchronous", "connect_timeout"] as const;

type Own = Readonly<Partial<Record<(typeof OWN)[number], string>>>;

const SECRET = /pass|secret|token/i;

const ENCODE = "In a name or password write : / ? # @ % and spaces as %3A %2F %3F %23 %40 %25 %20.";

/** Why the driver could not read it, or would not read it as it was meant; without the text, which may hold a password. */
export function whyNoUrl(text: string): string | undefined {
  const url = urlOf(text);
  if (!url) return `The connection string is no URL. ${ENCODE}`;
  // The rest of a password that was not encoded.
  if (url.hash !== "" || url.search.includes("@")) return `The connection string has a # or ? before its @. ${ENCODE}`;
  try {
    for (const part of [url.username, url.password, url.pathname]) decodeURIComponent(part);
    return undefined;
  } catch {
    return `The connection string has a % that encodes nothing. ${ENCODE}`;
  }
}

/** Without the password, and whatever else may be secret. */
export function shownUrl(text: string): string {
  const url = urlOf(text);
  if (!url) return "postgres:";
  const user = url.username === "" ? "" : `${url.username}@`;
  const host = url.host === STAND_IN ? "" : url.host;
  const parameters = parametersOf(url).filter((parameter) => !SECRET.test(nameIn(parameter)));
  return `postgres://${user}${host}${url.pathname}${query(parameters)}`;
}

/** The connection string for the driver, and the options for the adapter. */
export function splitUrl(text: string): { readonly connection: string; readonly options: Own } {
  const url = urlOf(text);
  if (!url) return { connection: text, options: {} };
  const isOwn = (parameter: string): boolean => (OWN as readonly string[]).includes(nameIn(parameter));
  const parameters = parametersOf(url);
  const given = OWN.map((name) => [name, url.searchParams.get(name)] as const).filter(([, value]) => value !== null);
  const [before = ""] = text.split("?", 1);
  return {
    connection: before + query(parameters.filter((parameter) => !isOwn(parameter))),
    options: Object.fromEntries(given) as Own,
  };
}

const STAND_IN = "host.invalid";

/** As the driver reads it: where there is a user and no host, which URLs don't have, with a stand-in for one. */
function urlOf(text: string): URL | undefined {
  const withHost = URL.canParse(text) ? text : text.replace("@/", `@${STAND_IN}/`);
  return URL.canParse(withHost) ? new URL(withHost) : undefined;
}

function parametersOf(url: URL): readonly string[] {
  return url.search
    .replace(/^\?/, "")
    .split("&")
    .filter((parameter) => parameter !== "");
}

function nameIn(parameter: string): string {
  return parameter.split("=", 1)[0] ?? "";
}

function query(parameters: readonly string[]): string {
  return parameters.length === 0 ? "" : `?${parameters.join("&")}`;
}
