import { countLines } from "@session-archiver/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { scanTranscript } from "../../src/worker/scan.ts";
import { userLine, utf8 } from "./support/files.ts";

const NOW = Date.UTC(2026, 5, 1);

function scan(text: string, cuts: readonly number[] = []) {
  const bytes = utf8(text);
  const found = scanTranscript(NOW);
  const places = [0, ...[...cuts].sort((a, b) => a - b).filter((at) => at < bytes.length), bytes.length];
  for (const [i, at] of places.slice(1).entries()) {
    const chunk = bytes.slice(places[i], at);
    found.add(chunk);
    chunk.fill(0xff); // the producer's to change
  }
  found.end();
  const { lines, newlines, openLine, oldest, newest, kind, title } = found;
  return { bytes: found.bytes, lines, newlines, openLine, oldest, newest, kind, title };
}

const line = fc.oneof(
  fc.constantFrom("", "  ", "\t\r", "no json", '{"timestamp": "nonsense"}', '{"timestamp":-5}', "null", "[1]"),
  fc
    .date({ min: new Date(Date.UTC(2000, 0, 1)), max: new Date(NOW), noInvalidDate: true })
    .map((at) => JSON.stringify({ timestamp: at.toISOString() })),
  fc.string({ unit: "grapheme" }).map((text) => userLine(text).trimEnd()),
);

test("says the same however the bytes are cut", () => {
  fc.assert(
    fc.property(fc.array(line), fc.boolean(), fc.array(fc.nat(500)), (lines, isEnded, cuts) => {
      const text = lines.join("\n") + (isEnded ? "\n" : "");
      const found = scan(text, cuts);
      expect(found).toEqual(scan(text));
      expect(found.bytes).toBe(utf8(text).length);
      expect(found.lines).toBe(countLines(text));
      const times = lines.flatMap((each) => {
        const time = /"timestamp":"([^"]+)"/.exec(each)?.[1];
        return time === undefined ? [] : [Date.parse(time)];
      });
      expect(found.newest).toBe(times.length > 0 ? Math.max(...times) : undefined);
      expect(found.oldest).toBe(times.length > 0 ? Math.min(...times) : undefined);
    }),
  );
});

test("times more than a day after now, and in lines that are too long, are left out", () => {
  const late = JSON.stringify({ timestamp: new Date(NOW + 86_400_001).toISOString() });
  const long = JSON.stringify({ timestamp: "2026-03-01T00:00:00.000Z", text: "x".repeat(5 * 1024 * 1024) });
  const found = scan(`${late}\n${long}\n${userLine("Hello", "2026-02-01T00:00:00.000Z")}`, [4_500_000, 4_600_000]);
  expect(found.newest).toBe(Date.UTC(2026, 1, 1));
  expect(found.lines).toBe(3);
  expect(found.title).toBe("Hello");
});

test("a command is the title only if the user never says more", () => {
  const command = userLine("<command-name>/clear</command-name>");
  expect(scan(command).title).toBe("/clear");
  expect(scan(command + userLine("Now help me")).title).toBe("Now help me");
});
