import { cpuMsOf } from "@session-archiver/test-kit/machine";
import fc from "fast-check";
import { type ComponentChildren, h, type VNode } from "preact";
import { describe, expect, test } from "vitest";
import { Code } from "../../src/transcript/blocks/code.tsx";
import { decodeEntities } from "../../src/transcript/markdown/entities.ts";
import { safeHref } from "../../src/transcript/markdown/links.ts";
import { Markdown } from "../../src/transcript/markdown/markdown.tsx";

interface Element {
  readonly tag: string;
  readonly props: Readonly<Record<string, unknown>>;
}

/** All elements and all text, components drawn, but for code: its text is only ever text. */
function draw(
  node: ComponentChildren,
  elements: Element[] = [],
  text: string[] = [],
): { elements: Element[]; text: string } {
  if (Array.isArray(node)) for (const child of node) draw(child, elements, text);
  else if (typeof node === "string" || typeof node === "number") text.push(String(node));
  else if (node !== null && typeof node === "object") {
    const { type, props } = node as VNode<Record<string, unknown>>;
    if ((type as unknown) === Code) text.push(String(props["text"]));
    else if (typeof type === "function") draw((type as (props: object) => ComponentChildren)(props), elements, text);
    else {
      const { children, ...rest } = props;
      if (type !== undefined) elements.push({ tag: String(type), props: rest });
      draw(children as ComponentChildren, elements, text);
    }
  }
  return { elements, text: text.join("") };
}
const drawn = (text: string) => draw(h(Markdown, { text }));

const TAGS = /^(a|blockquote|br|code|del|div|em|h[3-6]|hr|li|ol|p|span|strong|table|tbody|td|th|thead|tr|ul)$/;
const PROPS = new Set(["class", "href", "rel", "role", "start", "tabIndex", "target", "title", "aria-label"]);

/** Nothing in it can run, load by itself, or lead astray. */
function expectHarmless(text: string): void {
  for (const { tag, props } of drawn(text).elements) {
    expect(tag).toMatch(TAGS);
    for (const name of Object.keys(props)) expect(PROPS).toContain(name);
    if (tag !== "a") expect(props).not.toHaveProperty("href");
    else {
      expect(String(props["href"])).toMatch(/^(https?:\/\/|mailto:)/);
      expect(props).toMatchObject({ target: "_blank", rel: "noopener noreferrer nofollow" });
    }
  }
}

describe("nothing in a transcript runs, loads or leads astray", () => {
  test.each([
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "<iframe src=https://example.com></iframe>",
    "<style>body{display:none}</style>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](blob:https://example.com/1)",
    "[x](//example.com)",
    "[x](#/storage)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "![x](https://example.com/pixel.png)",
    "![x](javascript:alert(1))",
    '[x](https://a.b "onmouseover=alert(1)")',
    "| a |\n|---|\n| <b onclick=x>b</b> |",
  ])("%j", expectHarmless);

  test("any text", () => {
    const part = fc.constantFrom(
      "[",
      "](",
      ")",
      "<",
      ">",
      "!",
      "javascript:",
      "https://a.b",
      "`",
      "```\n",
      "\n",
      "\n\n",
      "> ",
      "- ",
      "1. ",
      "|",
      "---",
      "**",
      "_",
      "<script>",
      "onerror=",
      '"',
      "&#x6a;",
      "# ",
      "\\",
      "~~",
      "<a href=",
      "<!--",
    );
    const text = fc
      .array(fc.oneof(part, part, fc.string({ maxLength: 6 })), { maxLength: 40 })
      .map((parts) => parts.join(""));
    fc.assert(fc.property(text, expectHarmless), { numRuns: 3000 });
  });

  test("addresses that lead out, and only those, are links", () => {
    expect(drawn("[a](https://example.com/x?y=1)").elements).toContainEqual({
      tag: "a",
      props: expect.objectContaining({ href: "https://example.com/x?y=1" }),
    });
    fc.assert(
      fc.property(fc.webUrl(), (url) => {
        expect(safeHref(url)).toBe(new URL(url).href);
      }),
    );
    for (const url of ["javascript:1", " javascript:1", "\u0001javascript:1", "x", "/x", "data:,x", "about:blank"]) {
      expect(safeHref(url), url).toBeNull();
    }
  });
});

describe("what is written is shown", () => {
  test("tags as what they are", () => {
    expect(drawn("a <b>bold</b> <script>alert(1)</script> end").text).toBe(
      "a <b>bold</b> <script>alert(1)</script> end",
    );
    expect(drawn("<details>\n<summary>x</summary>\n</details>").text).toContain("<summary>x</summary>");
  });

  test("an image as a link to it", () => {
    const { elements, text } = drawn("![A cat](https://example.com/cat.png)");
    expect(text).toBe("Image: A cat");
    expect(elements.map(({ tag }) => tag)).toEqual(["div", "p", "a"]);
  });

  test("Markdown as what it means", () => {
    const { elements, text } = drawn(
      "# Head\n\n**bold** `code` ~~old~~\n\n3. three\n4. four\n\n- [x] done\n\n> said\n\n| a |\n|:-:|\n| b |",
    );
    const tags = elements.map(({ tag }) => tag);
    for (const tag of ["h3", "strong", "code", "del", "ol", "ul", "blockquote", "table", "th", "td"])
      expect(tags).toContain(tag);
    expect(elements.find(({ tag }) => tag === "ol")?.props).toMatchObject({ start: 3 });
    expect(text).toContain("☑ done");
  });

  test("character references as their characters, in text and not in code", () => {
    expect(drawn("a &lt;b&gt; &amp; `&lt;`").text).toBe("a <b> & &lt;");
    expect(decodeEntities("&#65;&#x42;&nosuch;&constructor;&#0;&#xd800;&#x110000;")).toBe(
      "AB&nosuch;&constructor;&#0;&#xd800;&#x110000;",
    );
  });

  test("nesting too deep to follow, and text too long to parse, as they stand", () => {
    for (const deep of [">".repeat(20_000), "> ".repeat(1000), "1. ".repeat(1000)]) {
      const { elements, text } = drawn(`${deep} the end`);
      expect(text).toMatch(/[>.]\s+the end$/);
      expect(elements.length).toBeLessThan(100);
    }
    const long = "**x** ".repeat(20_000);
    expect(drawn(long).text).toBe(long);
    expect(drawn(`**y**\n\n${long}`).text).toBe(`y${long}`);
  });

  test("a long text is parsed in pieces, and none of it is lost", () => {
    const section = "## Head\n\nSome **bold** words.\n\n```js\nlet a;\n\n\nlet b;\n```\n\n";
    const { elements, text } = drawn(section.repeat(1000));
    const count = (tag: string) => elements.filter((element) => element.tag === tag).length;
    expect([count("h4"), count("strong")]).toEqual([1000, 1000]);
    expect(text).toBe("HeadSome bold words.let a;\n\n\nlet b;".repeat(1000));
  });

  test.each([
    "[",
    "![",
    "*a ",
    "**a ",
    "_a ",
    "`",
    "<a",
    "[a](",
    "> ",
    "> - ",
    "- ",
    "|a",
    "\\",
    "&#",
    "***",
    "1. ",
    "    ",
  ])("%j over and over takes no time worth speaking of", (part) => {
    const text = part.repeat(64_000).slice(0, 64_000);
    // Unbounded, some of these take more than a minute.
    expect(cpuMsOf(() => drawn(text))).toBeLessThan(6000);
  });
});
