/** Creates a blob in the database whose name it gets; stops half-way until the next message. */
import { MIB, pattern } from "@session-archiver/test-kit/bytes";
import { openIndexedDb } from "../../../src/index.js";

export type Half = "half" | "done";

const said = (): Promise<unknown> =>
  new Promise((resolve) => globalThis.addEventListener("message", resolve, { once: true }));

globalThis.addEventListener(
  "message",
  async ({ data: name }) => {
    const store = await openIndexedDb(name);
    const body = async function* () {
      for (let n = 0; n < 9; n++) yield pattern(MIB, n);
      postMessage("half" satisfies Half);
      await said();
      yield pattern(MIB, 9);
    };
    await store.blobs.create({ id: "s", name: "output" }, "g", body());
    postMessage("done" satisfies Half);
  },
  { once: true },
);
