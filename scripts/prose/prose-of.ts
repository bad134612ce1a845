/** What of a file people read, in place: all else is blanked, so that offsets and lines stay what they are. */

/** Begins and ends a comment or string, so that no phrase goes over its bounds. */
const BOUND = "\uE000";

/** `path` decides what the file is: Markdown is prose throughout, of TypeScript the comments, strings and texts of JSX are. */
export function proseOf(path: string, text: string): string {
  return path.endsWith(".md") ? text : proseOfCode(text);
}

const COMMENT_LINES = /\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*\n?/y;
const COMMENT = /\/\*[\s\S]*?(?:\*\/|$)/y;
/** Strings over several lines are joined where they are written as a sum. */
const STRINGS = /(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')(?:\s*\+\s*(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))*/y;
/** A slash is a regular expression's where a value may begin. */
const REGEXP = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\//y;
const BEFORE_VALUE = /(?:^|[=(,:;!&|?{}[+\-*%~^<>]|\breturn|\bcase|\btypeof)\s*$/;

function proseOfCode(code: string): string {
  let prose = "";
  /** The open templates: -1 in the text of one, in a value the number of braces that are open there. */
  const templates: number[] = [];
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = prose.length;
    return pattern.exec(code)?.[0];
  };
  while (prose.length < code.length) {
    const char = code[prose.length] ?? "";
    if (templates.at(-1) === -1) {
      if (char === "\\") prose += blank(code.slice(prose.length, prose.length + 2));
      else if (char === "`") {
        templates.pop();
        prose += BOUND;
      } else if (code.startsWith("${", prose.length)) {
        templates.push(0);
        prose += "$ ";
      } else prose += char;
      continue;
    }
    const comment = take(COMMENT_LINES) ?? take(COMMENT);
    const strings = comment === undefined ? take(STRINGS) : undefined;
    if (comment !== undefined) prose += uncommented(comment);
    else if (strings !== undefined) prose += unquoted(strings);
    else if (char === "/" && BEFORE_VALUE.test(code.slice(Math.max(0, prose.length - 80), prose.length))) {
      prose += blank(take(REGEXP) ?? char);
    } else {
      if (char === "`") templates.push(-1);
      const depth = templates.at(-1);
      if (depth !== undefined && depth >= 0 && (char === "{" || char === "}")) {
        if (char === "}" && depth === 0) templates.pop();
        else templates[templates.length - 1] = depth + (char === "{" ? 1 : -1);
      }
      prose += char === "`" ? BOUND : char;
    }
  }
  if (templates.length > 0) throw new Error("A template has no end: this file is read wrongly.");
  return prose;
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

/** The comment without its slashes and stars. */
function uncommented(comment: string): string {
  const text = comment.startsWith("//")
    ? comment.replace(/(^|\n)([ \t]*)\/\//g, "$1$2  ")
    : comment.replace(/^\/\*+|\*+\/$|(?<=\n[ \t]*)\*/g, blank);
  return bounded(text);
}

/** The strings of a sum as one text. */
function unquoted(strings: string): string {
  return bounded(strings.replace(/(["'])(\s*)\+(\s*)["']/g, (join) => blank(join)));
}

/** The bounds take the place of the marks, and of the end of the line behind a `//` comment. */
function bounded(text: string): string {
  return BOUND + text.slice(1).replace(/[\s"']$/, BOUND);
}
