/** The highlight.js name of a file's language, from its path. */

const BY_EXTENSION: { readonly [extension: string]: string } = {
  bash: "bash",
  c: "c",
  cc: "cpp",
  cjs: "javascript",
  cpp: "cpp",
  css: "css",
  go: "go",
  h: "c",
  hpp: "cpp",
  html: "xml",
  java: "java",
  js: "javascript",
  json: "json",
  jsonl: "json",
  jsx: "javascript",
  md: "markdown",
  mjs: "javascript",
  py: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  sql: "sql",
  svg: "xml",
  toml: "ini",
  ts: "typescript",
  tsx: "typescript",
  xml: "xml",
  yaml: "yaml",
  yml: "yaml",
  zsh: "bash",
};

const BY_ALIAS: { readonly [alias: string]: string } = {
  console: "bash",
  golang: "go",
  javascript: "javascript",
  markdown: "markdown",
  python: "python",
  python3: "python",
  ruby: "ruby",
  rust: "rust",
  shell: "bash",
  typescript: "typescript",
  "c++": "cpp",
  ini: "ini",
};

const own = (table: { readonly [key: string]: string }, key: string): string | null =>
  Object.hasOwn(table, key) ? (table[key] ?? null) : null;

export function languageOf(path: string): string | null {
  const name = path.slice(path.search(/[^\\/]*$/));
  if (/^(Dockerfile|Makefile)/i.test(name)) return "bash";
  const dot = name.lastIndexOf(".");
  return dot < 0 ? null : own(BY_EXTENSION, name.slice(dot + 1).toLowerCase());
}

/** The highlight.js name from the text after the fence of a Markdown code block. */
export function languageOfFence(info: string): string | null {
  const alias = (/^[^\s{,:]*/.exec(info.trim())?.[0] ?? "").toLowerCase();
  return own(BY_ALIAS, alias) ?? own(BY_EXTENSION, alias);
}
