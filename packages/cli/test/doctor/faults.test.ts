/**
 * Faults that are planted in a home. Each is named and graded, mended by the command that is named, and by `--repair`; and
 * what could be read before can be read afterwards.
 */
import { expect, test } from "vitest";
import { treeHash } from "../support/doctor.js";
import { BOTH, FAULTS } from "../support/faults.js";
import { copyOf, doctor, newHome, type Planted, readable, unpackable } from "../support/planted.js";

const CASES = FAULTS.flatMap((fault) => (fault.stores ?? BOTH).map((kind) => ({ ...fault, kind })));

test.each(CASES)("$name, $kind", { timeout: 120_000 }, async ({ kind, plant, finding: expected, command }) => {
  const planted = await newHome(kind);
  await plant(planted);
  const hash = await treeHash(planted.home);
  const found = await doctor(planted.cli, "--grace", "0");
  expect(await treeHash(planted.home)).toBe(hash);
  const one = found.findings.find((each) => `${each.severity} ${each.kind}` === expected);
  expect(found.findings.map((each) => `${each.severity} ${each.kind}`)).toContain(expected);
  expect(found.exitCode).toBe(1);
  expect(one?.remedy ?? "").toMatch(command);
  const before = await readable(planted);
  const unpacked = await unpackable(planted.home);

  async function check(mended: Planted): Promise<void> {
    const after = await readable(mended);
    for (const [id, bytes] of before) expect(after.get(id) === bytes, id).toBe(true);
    const left = await unpackable(mended.home);
    expect([...unpacked].filter((packed) => !left.has(packed))).toEqual([]);
    expect(await doctor(mended.cli, "--grace", "0")).toMatchObject({ exitCode: 0, healthy: true });
  }

  const byCommands = await copyOf(planted, kind);
  for (const { remedy, severity } of found.findings) {
    const words = / (rebuild|salvage .*|doctor --repair)$/.exec(remedy ?? "")?.[1];
    if (severity !== "note" && words !== undefined) await byCommands.cli.run(...words.split(" "));
  }
  await check(byCommands);

  const byRepair = await copyOf(planted, kind);
  const copied = await treeHash(byRepair.home);
  const dry = await doctor(byRepair.cli, "--repair", "--dry-run", "--grace", "0");
  expect(dry.repairs.length).toBeGreaterThan(0);
  expect(await treeHash(byRepair.home)).toBe(copied);
  expect(await doctor(byRepair.cli, "--repair", "--grace", "0")).toMatchObject({ exitCode: 3, healthy: true });
  await check(byRepair);
});
