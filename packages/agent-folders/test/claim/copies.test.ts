/** Bytes that come late: to a file without a name, and to parts of which there is a copy. */
import { rm, stat } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";
import type { Files } from "../../src/files.js";
import { claimRule, nodeFiles } from "../../src/index.js";
import { ARCHIVED, extent, type Lab } from "../support/lab.js";
import { laboratory } from "../support/laboratory.js";
import { startWriter } from "../support/writer.js";

const writer = startWriter();
afterAll(() => writer[Symbol.asyncDispose]());

const ONE = '{"n":3}\n';
const TWO = '{"n":4}\n';

test.each([
  { name: "more bytes", act: (lab: Lab) => lab.write(ONE), content: ARCHIVED + ONE },
  { name: "no bytes", act: () => writer.do({ act: "write", text: "" }).then(() => undefined), content: undefined },
])("$name come after the last name is gone: nothing is lost", async ({ act, content }) => {
  await using lab = await laboratory(writer, true);
  await lab.open();
  lab.isWrong = true;
  const files: Files = {
    ...nodeFiles(),
    async unlink(path) {
      const isProbe = (await nodeFiles().look(path))?.links === 2;
      const wasThere = await nodeFiles().unlink(path);
      if (!isProbe) await act(lab);
      return wasThere;
    },
  };
  const { outcome } = await claimRule.claim(lab.quiet(files), [lab.claimed(await lab.look())], {});
  expect(outcome).toBe(content === undefined ? "freed" : "back");
  expect(await lab.content()).toBe(content);
  expect(await lab.parts()).toEqual([]);
  if (content !== undefined) expect((await stat(lab.place)).mode & 0o777).toBe(0o600);
  await lab.close();
});

test("a part that grows after it was copied is published again, and not doubled", async () => {
  await using lab = await laboratory(writer, false);
  await lab.open();
  await lab.claim();
  await lab.append(ONE);
  lab.later(1);
  expect((await claimRule.finish(lab.quiet(), await lab.parts(), extent(ARCHIVED), {})).outcome).toBe("back");
  expect(await lab.content()).toBe(ARCHIVED + ONE);
  expect((await lab.parts()).map(({ kind, copied }) => [kind, copied])).toEqual([
    ["original", extent(ARCHIVED)],
    ["fragment", extent(ONE)],
  ]);
  await lab.write(TWO);
  expect((await lab.finish(1))?.outcome).toBe("back");
  expect(await lab.content()).toBe(ARCHIVED + ONE + TWO);
  await lab.append(ONE);
  await lab.close();
  await lab.finish();
  expect(await lab.content()).toBe(ARCHIVED + ONE + TWO + ONE);
  expect(await lab.parts()).toEqual([]);
});

test("a part that grows after its copy has gone from its place is published whole", async () => {
  await using lab = await laboratory(writer, false);
  await lab.open();
  await lab.claim();
  await lab.append(ONE);
  await claimRule.putBack(lab.quiet(), await lab.parts(), {});
  await rm(lab.place);
  await lab.write(TWO);
  await claimRule.putBack(lab.quiet(), await lab.parts(), {});
  expect(await lab.content()).toBe(ARCHIVED + TWO + ONE);
  await lab.close();
});

test.each([
  { name: "rewritten", text: "" },
  { name: "rewritten and made longer", text: TWO },
])("a part that is $name after it was copied is neither deleted nor merged", async ({ text }) => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  await lab.append(ONE);
  await claimRule.putBack(lab.quiet(), await lab.parts(), {});
  const [original] = await lab.parts();
  await writer.do({ act: "rewrite", path: original?.location ?? "", text: "{}", keepMtime: true });
  await writer.do({ act: "append", path: original?.location ?? "", text });
  const reason =
    text === "" ? "it was changed since it was copied" : "another content of the file at its place is aside";
  expect(await lab.finish()).toMatchObject({ outcome: "held", reason });
  expect((await lab.parts()).map(({ kind }) => kind)).toEqual(["original"]);
  expect(await lab.content()).toBe(ARCHIVED + ONE);
});

test("a part that is rewritten while it is copied is copied again", async () => {
  await using lab = await laboratory(writer, false);
  await lab.claim();
  await lab.append(ONE);
  const [original] = await lab.parts();
  let writes = 0;
  const files: Files = {
    ...nodeFiles(),
    async write(path, body, file) {
      await nodeFiles().write(path, body, file);
      if (writes++ > 0) return;
      await writer.do({ act: "rewrite", path: original?.location ?? "", text: '{"n":8', keepMtime: true });
    },
  };
  expect((await claimRule.putBack(lab.quiet(files), await lab.parts(), {})).outcome).toBe("back");
  expect(writes).toBe(2);
  expect(await lab.content()).toBe(ARCHIVED.replace('"n":0', '"n":8') + ONE);
});

test("bytes that come when a copied part goes are published in the same run", async () => {
  await using lab = await laboratory(writer, true);
  await lab.open();
  await lab.claim();
  await lab.append(ONE);
  await claimRule.putBack(lab.quiet(), await lab.parts(), {});
  lab.isWrong = true;
  const files: Files = {
    ...nodeFiles(),
    async unlink(path) {
      const wasThere = await nodeFiles().unlink(path);
      if (path.includes("/original.")) await lab.write(TWO);
      return wasThere;
    },
  };
  expect((await claimRule.finish(lab.quiet(files), await lab.parts(), undefined, {})).outcome).toBe("back");
  expect(await lab.content()).toBe(ARCHIVED + ONE + TWO);
  await lab.close();
});
