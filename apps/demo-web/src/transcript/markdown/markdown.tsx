/**
 * Markdown as nodes. Draws the parser's tokens one by one and never turns the text into HTML, so that nothing in a
 * transcript can run, load or style anything. Tags are shown as text, and images as links.
 */

import { languageOfFence } from "@session-archiver/transcripts";
import type { Token, Tokens } from "marked";
import type { ComponentChildren, VNode } from "preact";
import { Code } from "../blocks/code.tsx";
import { decodeEntities } from "./entities.ts";
import { lexMarkdown } from "./lex.ts";
import { safeHref } from "./links.ts";

/** Quotes and lists that are nested deeper are shown as written: drawing them would overflow the stack. */
const MAX_DEPTH = 24;

const HEADINGS = ["h3", "h4", "h5", "h6", "h6", "h6"] as const;

function Link({ href, children }: { readonly href: string; readonly children: ComponentChildren }): VNode {
  const safe = safeHref(href);
  if (safe === null) {
    return (
      <span class="md-dead-link" title={href}>
        {children}
      </span>
    );
  }
  return (
    <a href={safe} title={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function table({ header, rows, align }: Tokens.Table, depth: number): VNode {
  const cells = (row: readonly Tokens.TableCell[], Cell: "th" | "td") =>
    row.map((cell, i) => (
      <Cell key={i} class={align[i] ? `md-${align[i]}` : undefined}>
        {nodes(cell.tokens, depth)}
      </Cell>
    ));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table scrolls sideways, by keyboard too
    // biome-ignore lint/a11y/useSemanticElements: it isn't a set of fields
    <div class="md-table" tabIndex={0} role="group" aria-label="Table">
      <table>
        <thead>
          <tr>{cells(header, "th")}</tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>{cells(row, "td")}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function list({ ordered, start, items }: Tokens.List, depth: number): VNode {
  const children = items.map((item, i) => (
    <li key={i} class={item.task ? "md-task" : undefined}>
      {item.task && <span class="md-check">{item.checked ? "☑ " : "☐ "}</span>}
      {nodes(item.tokens, depth)}
    </li>
  ));
  return ordered ? <ol start={start === "" ? 1 : start}>{children}</ol> : <ul>{children}</ul>;
}

function node(token: Token, key: number, depth: number): ComponentChildren {
  switch (token.type) {
    case "space":
    case "def":
    case "checkbox":
      return null;
    case "heading": {
      const Heading = HEADINGS[(token as Tokens.Heading).depth - 1] ?? "h6";
      return <Heading key={key}>{nodes(token["tokens"], depth)}</Heading>;
    }
    case "paragraph":
      return <p key={key}>{nodes(token["tokens"], depth)}</p>;
    case "blockquote":
      return <blockquote key={key}>{nodes(token["tokens"], depth)}</blockquote>;
    case "list":
      return list(token as Tokens.List, depth);
    case "table":
      return table(token as Tokens.Table, depth);
    case "code": {
      const { text, lang } = token as Tokens.Code;
      return <Code key={key} text={text} language={languageOfFence(lang ?? "")} />;
    }
    case "hr":
      return <hr key={key} />;
    case "br":
      return <br key={key} />;
    case "strong":
      return <strong key={key}>{nodes(token["tokens"], depth)}</strong>;
    case "em":
      return <em key={key}>{nodes(token["tokens"], depth)}</em>;
    case "del":
      return <del key={key}>{nodes(token["tokens"], depth)}</del>;
    case "codespan":
      return <code key={key}>{(token as Tokens.Codespan).text}</code>;
    case "link":
      return (
        <Link key={key} href={(token as Tokens.Link).href}>
          {nodes(token["tokens"], depth)}
        </Link>
      );
    case "image": {
      const { href, text } = token as Tokens.Image;
      return (
        <Link key={key} href={href}>
          Image: {text || href}
        </Link>
      );
    }
    case "escape":
      return (token as Tokens.Escape).text;
    case "html":
      return token.raw;
  }
  const { tokens, text, raw } = token as Tokens.Text;
  return tokens ? nodes(tokens, depth) : decodeEntities(text ?? raw);
}

function nodes(tokens: readonly Token[] | undefined, depth: number): ComponentChildren {
  if (tokens === undefined) return null;
  return depth < MAX_DEPTH
    ? tokens.map((token, i) => node(token, i, depth + 1))
    : tokens.map(({ raw }) => raw).join("");
}

export function Markdown({ text }: { readonly text: string }): VNode {
  return (
    <div class="md">
      {lexMarkdown(text).map((piece, i) =>
        typeof piece === "string" ? (
          <p key={i} class="md-plain">
            {piece}
          </p>
        ) : (
          nodes(piece, 0)
        ),
      )}
    </div>
  );
}
