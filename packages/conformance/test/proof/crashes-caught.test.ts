/** The crash matrix passes on a disk that loses what was not synced, and fails on adapters that break a promise. */
import { bytesOf, type Ports } from "@session-archiver/core";
import { type Disk, simulatedDisk } from "@session-archiver/test-kit/simulated-disk";
import { describe, expect, test } from "vitest";
import { portsOf } from "../../src/crashes/faults.js";
import { crashCasesWith, runAll, type Subject } from "../../src/index.js";
import { seeded } from "../../src/support/random.js";

const OFFERS = ["objects", "blobs", "archives", "reopen"] as const;
const CASES = crashCasesWith({ every: 2, pairs: 5 });

/** Ports on a disk where each write is synced one step later; `change` plants a defect. */
function diskSubject(syncs: boolean, change: (ports: Ports, disk: Disk) => Partial<Ports> = () => ({})): Subject {
  const random = seeded(1);
  const disk = simulatedDisk({ now: Date.now });
  const open = (): Ports => {
    let isOpen = true;
    const nothing = (): undefined => undefined;
    const process = {
      before: nothing,
      fault: nothing,
      later: nothing,
      delay: nothing,
      damaged: nothing,
      syncsLate: true,
    };
    const ports = portsOf(disk.ports, {
      ...process,
      step: async () => {},
      stepsInBodies: false,
      synced: () => void (isOpen && syncs && disk.sync()),
    });
    close = () => {
      isOpen = false;
    };
    return { ...ports, ...change(ports, disk) };
  };
  let close = (): void => {};
  const first = open();
  return {
    objects: first.objects,
    blobs: first.blobs,
    archives: first.archives,
    async reopen() {
      close();
      disk.powerCut(random);
      return open();
    },
  };
}

/** The failures of the cases whose name has this start. */
async function failures(make: () => Subject, start = ""): Promise<string[]> {
  const failed: string[] = [];
  const cases = CASES.filter(({ name }) => name.startsWith(`${start}:`) || start === "");
  for await (const { name, outcome, error } of runAll(async () => make(), { offers: OFFERS, cases })) {
    if (outcome === "failed") failed.push(`${name}: ${error instanceof Error ? error.message : error}`);
  }
  return failed;
}

test("a disk that loses what was not synced passes", { timeout: 300_000 }, async () => {
  expect(await failures(() => diskSubject(true))).toEqual([]);
});

describe("caught:", () => {
  test("a disk that also loses what was reported as durable", async () => {
    expect(await failures(() => diskSubject(false), "archive")).not.toEqual([]);
  });

  test("a create whose blob is visible while its body is read", async () => {
    const torn = ({ blobs }: Ports): Partial<Ports> => ({
      blobs: {
        ...blobs,
        async create(key, generation, body, op) {
          let ref = await blobs.create(key, generation, bytesOf(), op);
          for await (const chunk of body) ref = await blobs.append(ref, chunk, op);
          return ref;
        },
      },
    });
    expect(await failures(() => diskSubject(true, torn), "restore")).not.toEqual([]);
  });

  test("an append that is torn: its second half is a separate write", async () => {
    const torn = ({ blobs }: Ports, disk: Disk): Partial<Ports> => ({
      blobs: {
        ...blobs,
        async append(at, chunk, op) {
          const half = chunk.length >> 1;
          const first = await blobs.append(at, chunk.subarray(0, half), op);
          disk.sync();
          return disk.ports.blobs.append(first, chunk.subarray(half), op);
        },
      },
    });
    expect(await failures(() => diskSubject(true, torn), "append to a live session")).not.toEqual([]);
  });
});
