/**
 * Files that are never read, archived, freed or restored, whatever folder they lie in: credentials, keys, settings and
 * databases. There is no way to switch this off.
 */

/** Names of files, in lower case. */
const DENIED: readonly RegExp[] = [
  // Credentials.
  /^\.?credentials?([.\-_].*)?$/,
  /^(auth|oauth|token|tokens|secret|secrets)([.\-_].*)?\.(json|ya?ml|toml)(\..*)?$/,
  /^(tokens?|secrets?)\.txt$/,
  /(^|[.\-_])(client[-_]secret|service[-_]account).*\.json/,
  /^[._](netrc|npmrc|pypirc|pgpass|git-credentials|htpasswd)$/,
  /^\.env(rc|[.\-_].*)?$/,
  /\.env$/,
  // Keys.
  /\.(key|keys|pem|p8|p12|pfx|jks|keystore|ppk|kdbx|der|gpg|asc)([.~\-_].*)?$/,
  /^id_[^.]*(\.pub)?$/,
  /^(authorized_keys|known_hosts)/,
  // Settings.
  /^settings[^/]*\.json[^/]*$/,
  /^\.(claude|mcp)\.json/,
  /^(config|managed-settings)\.(json|toml|ya?ml)/,
  // Databases, with the files that lie beside them.
  /\.sqlite/,
  /\.db([^a-z].*)?$/,
];

/** Folders that hold nothing else, in lower case. */
const DENIED_FOLDERS: ReadonlySet<string> = new Set([".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker"]);

/**
 * Whether a file of this path may not be touched: by its own name and those of its folders, in any case, at any depth.
 * `path`: relative or absolute, with slashes or backslashes.
 */
export function isDenied(path: string): boolean {
  const folders = path.split(/[\\/]/);
  const name = plain(folders.pop() ?? "");
  // On Windows, what follows a colon is part of the same file.
  const forms = [name, name.replace(/:.*$/s, "").replace(AT_THE_END, "")];
  return DENIED.some((pattern) => forms.some((form) => pattern.test(form))) || folders.some(isDeniedFolder);
}

/** Whether a folder of this name is left out with everything in it. */
export const isDeniedFolder = (name: string): boolean => DENIED_FOLDERS.has(plain(name));

/** Windows drops these. */
const AT_THE_END = /[. ]+$/;

/** The name as some file system may see it: without case, forms and characters that take no room. */
function plain(name: string): string {
  const visible = name.normalize("NFKC").replaceAll(/\p{Default_Ignorable_Code_Point}|\p{Cc}/gu, "");
  return visible.toLowerCase().replace(AT_THE_END, "");
}
