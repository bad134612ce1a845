/** Parents whose results of tools a fork names stay while the fork does. */
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { namedResults } from "../../src/claude-code/named-results.js";
import { neededByForks } from "../../src/claude-code/needed-by.js";
import { claudeCodeSource } from "../../src/claude-code/source.js";
import { placeOf } from "../../src/place.js";
import type { Unit } from "../../src/source.js";
import { countedFiles, knowsNothing } from "../support/counted-files.js";
import { put, tempFolder } from "../support/temp.js";
import { userLine, uuid } from "../support/transcripts.js";

const source = claudeCodeSource();
const hasId =
  (number: number) =>
  ({ nativeId }: Unit): boolean =>
    nativeId === uuid(number);

async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

const named = async (text: string, sizes: readonly number[] = []): Promise<readonly string[]> =>
  [...(await namedResults(pieces(Buffer.from(text), sizes)))].sort();

describe("results of tools that bytes name", () => {
  test("with slashes, and with backslashes as JSON writes them", async () => {
    expect(await named(`/home/me/.claude/projects/-p/${uuid(1)}/tool-results/x.txt`)).toEqual([uuid(1)]);
    expect(await named(JSON.stringify(`C:\\p\\${uuid(2)}\\tool-results\\x.txt`))).toEqual([uuid(2)]);
    expect(await named(JSON.stringify(JSON.stringify(`C:\\p\\${uuid(2)}\\tool-results\\x.txt`)))).toEqual([uuid(2)]);
  });

  test("nothing else", async () => {
    for (const text of ["tool-results", "/tool-results", `${uuid(1)}tool-results`, `x${uuid(1).slice(1)}/tool-results`])
      expect(await named(text)).toEqual([]);
    expect(await named(`${uuid(1)}/subagents/tool-results`)).toEqual([]);
  });

  test.each(["/", "\\", "\\\\", "\\\\\\\\"])("cut at any point, with %j before the folder", async (separator) => {
    const text = `x${separator}${uuid(1)}${separator}tool-results${separator}x`;
    for (let cut = 0; cut <= text.length; cut++) expect([cut, await named(text, [cut])]).toEqual([cut, [uuid(1)]]);
  });

  test("law: wherever the bytes are cut", async () => {
    const noise = fc.string({ maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(noise, fc.nat(9)), { maxLength: 6 }),
        noise,
        fc.array(fc.nat(50), { maxLength: 30 }),
        async (parts, end, sizes) => {
          const text = parts.map(([before, number]) => `${before}/${uuid(number)}/tool-results`).join("") + end;
          const ids = [...new Set(parts.map(([, number]) => uuid(number)))].sort();
          expect(await named(text, sizes)).toEqual(ids);
        },
      ),
    );
  });
});

describe("parents that stay", () => {
  interface Session {
    readonly number: number;
    readonly slug?: string;
    readonly names?: number;
    readonly results?: boolean;
  }

  async function reasons(sessions: readonly Session[], freeing: readonly number[], inSubagent = false) {
    const home = await tempFolder();
    for (const { number, slug = "-p", names, results } of sessions) {
      const own = join(home, "projects", slug, uuid(number));
      const content = names === undefined ? "hi" : `saved to ${home}/projects/-p/${uuid(names)}/tool-results/x.txt`;
      await put(`${own}.jsonl`, userLine(uuid(number), { content: inSubagent ? "hi" : content }));
      if (inSubagent) await put(join(own, "subagents/agent-a.jsonl"), userLine(uuid(number), { content }));
      if (results) await put(join(own, "tool-results/x.txt"), "x");
    }
    const files = countedFiles();
    const place = await placeOf(source, home, files, {});
    const { units } = await source.scan(place, files, { known: knowsNothing });
    const isFreed = ({ nativeId }: Unit): boolean => freeing.some((number) => uuid(number) === nativeId);
    const freed = units.filter(isFreed);
    const found = await source.neededBy(
      place,
      files,
      freed,
      units.filter((unit) => !isFreed(unit)),
      {},
    );
    return { ids: [...found.keys()].map((id) => Number.parseInt(id.slice(12, 20), 16)).sort(), found, files };
  }

  test("the parent of a fork that stays", async () => {
    const { ids, found } = await reasons(
      [
        { number: 1, results: true },
        { number: 2, names: 1 },
      ],
      [1],
    );
    expect(ids).toEqual([1]);
    expect([...found.values()]).toEqual([`claude-code:${uuid(2)} stays, and names results of tools in its folder`]);
  });

  test("also if a subagent of the fork names them, or the fork is in another project", async () => {
    const sessions = [
      { number: 1, results: true },
      { number: 2, names: 1, slug: "-other" },
    ];
    expect((await reasons(sessions, [1])).ids).toEqual([1]);
    expect((await reasons(sessions, [1], true)).ids).toEqual([1]);
  });

  test("not if the fork goes, too, or names a session that isn't here", async () => {
    expect(
      (
        await reasons(
          [
            { number: 1, results: true },
            { number: 2, names: 1 },
          ],
          [1, 2],
        )
      ).ids,
    ).toEqual([]);
    expect(
      (
        await reasons(
          [
            { number: 1, results: true },
            { number: 2, names: 3 },
          ],
          [1],
        )
      ).ids,
    ).toEqual([]);
    expect((await reasons([{ number: 1, results: true, names: 1 }, { number: 2 }], [1])).ids).toEqual([]);
  });

  test("the parent of a parent that stays", async () => {
    const sessions = [
      { number: 1, results: true },
      { number: 2, names: 1, results: true },
      { number: 3, names: 2 },
      { number: 4, results: true },
    ];
    expect((await reasons(sessions, [1, 2, 4])).ids).toEqual([1, 2]);
  });

  test("forks in other projects are searched up to a number of bytes; those of the same project always", async () => {
    const home = await tempFolder();
    const names = `/-p/${uuid(1)}/tool-results/x.txt`;
    await put(join(home, "projects/-p", `${uuid(1)}.jsonl`), "x");
    await put(join(home, "projects/-p", uuid(1), "tool-results/x.txt"), "x");
    await put(join(home, "projects/-other", `${uuid(2)}.jsonl`), names);
    await put(join(home, "projects/-other", `${uuid(3)}.jsonl`), "x".repeat(1000));
    const files = countedFiles();
    const place = await placeOf(source, home, files, {});
    const { units } = await source.scan(place, files, { known: knowsNothing });
    const parent = units.filter(hasId(1));
    const others = units.filter((unit) => !parent.includes(unit));
    const within = async (bytes: number) => (await neededByForks(place, files, parent, others, {}, bytes)).size;
    expect([await within(names.length - 1), await within(names.length)]).toEqual([0, 1]);
    await put(join(home, "projects/-p", `${uuid(4)}.jsonl`), names);
    const more = (await source.scan(place, files, { known: knowsNothing })).units.filter(hasId(4));
    expect((await neededByForks(place, files, parent, more, {}, 0)).size).toBe(1);
  });

  test("nothing is read if none of them has results of tools", async () => {
    const { ids, files } = await reasons([{ number: 1 }, { number: 2, names: 1 }], [1]);
    expect([ids, files.opened]).toEqual([[], []]);
  });

  test("a fork that can't be read may need any of them: that is an error", async () => {
    const home = await tempFolder();
    const fork = join(home, "projects/-p", `${uuid(2)}.jsonl`);
    await put(fork, "x");
    await put(join(home, "projects/-p", `${uuid(1)}.jsonl`), "x");
    await put(join(home, "projects/-p", uuid(1), "tool-results/x.txt"), "x");
    const files = countedFiles([fork]);
    const place = await placeOf(source, home, files, {});
    const [one, two] = (await source.scan(place, files, { known: knowsNothing })).units;
    if (!one || !two) throw new Error("The sessions were not found.");
    const asked = source.neededBy(place, files, [one], [two], {});
    await expect(asked).rejects.toMatchObject({ code: "UNAVAILABLE" });
  });
});
