/** Texts of fields whose names come again. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { droppedTexts } from "../../src/text/dropped-texts.js";
import { textsOfLine } from "../../src/text/line-texts.js";

const pairs = (json: string) => droppedTexts(json).map(({ text, path }) => [path(), text]);

test("gives what the parser drops, wherever it stands and however its name is spelt", () => {
  expect(pairs('{"a":"x","b":["y",{"c":"one","c":"two"}],"a":"z"}')).toEqual([
    ["a", "x"],
    ["b.1.c", "one"],
  ]);
  expect(pairs(String.raw`{"text":"x\\","\u0074ext": "\u0079\"","text":1}`)).toEqual([
    ["text", "x\\"],
    ["text", 'y"'],
  ]);
  expect(pairs('{"a":{"b":"p","b":"q","/c":{"d":1}},"a":[]}').map(([, text]) => text)).toEqual(["p", "q", "/c"]);
  expect(pairs('{"a":"{\\"b\\":\\"in\\"}","a":""}').map(([, text]) => text)).toContain("in");
});

test("gives nothing where no name comes twice in one object", () => {
  fc.assert(
    fc.property(fc.json({ stringUnit: "binary" }), (json) => {
      if (/^[[{]/.test(json)) expect(droppedTexts(json)).toEqual([]);
    }),
  );
  expect(pairs('[{"a":"x"},{"a":"y"},"a",{"b":{"a":"z"}}]')).toEqual([]);
});

test("together with the others, every string is there, in any nesting", () => {
  const { value } = fc.letrec<{ value: readonly [json: string, texts: readonly string[]] }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc
        .string({ unit: "binary" })
        .map((text) => [JSON.stringify(`~${text.toWellFormed()}`), [`~${text.toWellFormed()}`]] as const),
      fc
        .array(tie("value"), { maxLength: 4 })
        .map((all) => [`[${all.map(([json]) => json).join(" ,")}]`, all.flatMap(([, texts]) => texts)] as const),
      fc
        .array(fc.tuple(fc.constantFrom("a", "b", "__proto__", ""), tie("value")), { maxLength: 5 })
        .map(
          (all) =>
            [
              `{${all.map(([name, [json]]) => `${JSON.stringify(name)} : ${json}`).join(",")}}`,
              all.flatMap(([, [, texts]]) => texts),
            ] as const,
        ),
    ),
  }));
  fc.assert(
    fc.property(value, ([json, expected]) => {
      const { texts, more } = textsOfLine(`[${json}]`);
      const found = [...texts, ...more()].map(({ text }) => text).filter((text) => text.startsWith("~"));
      expect(new Set(found)).toEqual(new Set(expected));
    }),
  );
});

test("takes time in proportion to the line, however often names come again in what is dropped", () => {
  const depth = 900;
  const line = `${'{"a":'.repeat(depth)}"${"x".repeat(2_000_000)}"${',"a":1}'.repeat(depth)}`;
  // Each level drops the one below: read one by one, these would be 1.8 GB.
  const texts = droppedTexts(line);
  expect(texts.map(({ text }) => text.length)).toEqual([2_000_000]);
});
