/** Bodies of writes on their way to a backend. */
import { expect, test } from "vitest";
import { type ArchiveBackend, defineArchives } from "../../src/adapter.js";
import { type Bytes, bytesOf, toBytes } from "../../src/index.js";
import { archiveBackend, streamOf } from "./support.js";

/** A sink that hands its bodies to `use`. */
function sink(use: (body: Bytes) => Promise<unknown>, options: Partial<ArchiveBackend> = {}) {
  const put = async (_: string, body: Bytes) => {
    await use(body);
    return { size: 0, createdAt: 0 };
  };
  return defineArchives({ ...archiveBackend([]), put, ...options });
}

async function* failing(error: unknown): Bytes {
  yield Uint8Array.of(1);
  throw error;
}

const BODY_ERRORS = [
  new Error("the source"),
  Object.assign(new Error("taken"), { code: "CONFLICT" }),
  "no Error",
  undefined,
];

test.each(BODY_ERRORS.map((error) => [error]))("what a body throws is passed on as it is: %o", async (error) => {
  const wrapping = async (body: Bytes) => {
    await toBytes(body).catch((cause) => {
      throw new Error("The write failed.", { cause });
    });
  };
  for (const use of [toBytes, wrapping]) {
    for (const rowBytes of [undefined, 4]) {
      const settled = await Promise.allSettled([sink(use, { rowBytes }).put("a", failing(error))]);
      expect(settled).toEqual([{ status: "rejected", reason: error }]);
    }
  }
});

test("an error of the backend is not taken for the body's", async () => {
  const broken = sink(() => Promise.reject(new Error("the disk")));
  await expect(broken.put("a", bytesOf())).rejects.toMatchObject({
    code: "UNAVAILABLE",
    message: "the disk",
    key: "a",
  });
});

test("an abort stops the body before its next chunk, and after its last", async () => {
  for (const chunks of [0, 1, 2]) {
    const controller = new AbortController();
    let closed = false;
    async function* body(): Bytes {
      try {
        for (let n = 0; n < chunks; n++) yield Uint8Array.of(n);
        controller.abort();
        if (chunks === 2) yield Uint8Array.of(9);
      } finally {
        closed = true;
      }
    }
    const given: number[] = [];
    const use = async (bytes: Bytes) => {
      for await (const [n] of bytes) given.push(n ?? -1);
    };
    await expect(sink(use).put("a", body(), controller)).rejects.toMatchObject({ code: "ABORTED", key: "a" });
    expect(given).toEqual([0, 1].slice(0, chunks));
    expect(closed).toBe(true);
  }
});

test("a backend that stops reading closes the body", async () => {
  let closed = false;
  async function* body(): Bytes {
    try {
      for (;;) yield Uint8Array.of(1);
    } finally {
      closed = true;
    }
  }
  const full = async (bytes: Bytes) => {
    for await (const _ of bytes) throw new Error("full");
  };
  await expect(sink(full).put("a", body())).rejects.toMatchObject({ code: "UNAVAILABLE", message: "full" });
  expect(closed).toBe(true);
});

test("with rowBytes the chunks are rows, and without they are the body's own", async () => {
  const sizes: number[][] = [];
  const use = async (body: Bytes) => sizes.push((await Array.fromAsync(body)).map(({ length }) => length));
  const body = () => streamOf(new Uint8Array(5), new Uint8Array(6));
  await sink(use, { rowBytes: 4 }).put("a", body());
  await sink(use).put("a", body());
  expect(sizes).toEqual([
    [4, 4, 3],
    [5, 6],
  ]);
});

test("bytes may come from another window, and be of any kind of Uint8Array", async () => {
  // As of another realm: no instance of this one's Uint8Array.
  const foreign = Object.setPrototypeOf(new Uint8Array([1, 2]), Object.create(Uint8Array.prototype)) as Uint8Array;
  Object.setPrototypeOf(foreign, foreignPrototype());
  expect(foreign instanceof Uint8Array).toBe(false);
  const given: number[] = [];
  const use = async (body: Bytes) => {
    for await (const chunk of body) given.push(...chunk);
  };
  await sink(use).put("a", streamOf(foreign, Buffer.of(3)));
  expect(given).toEqual([1, 2, 3]);
});

/** What another realm's Uint8Array inherits from: the same members, another object. */
function foreignPrototype(): object {
  return Object.create(null, {
    ...Object.getOwnPropertyDescriptors(Object.getPrototypeOf(Uint8Array.prototype)),
    ...Object.getOwnPropertyDescriptors(Uint8Array.prototype),
  });
}
