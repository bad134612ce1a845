/** A store without a byte to spare. */
import { ArchiverError, bytesOf, memoryPorts } from "@session-archiver/core";
import { expect, test } from "vitest";
import { openService } from "./support/service.ts";

test("a session can be deleted, which needs no space", async () => {
  const ports = memoryPorts();
  await ports.objects.put("s", { view: "agent" }, null);
  await ports.blobs.create({ id: "s", name: "output" }, "g", bytesOf(new Uint8Array(10)));
  const put = (): Promise<never> => Promise.reject(new ArchiverError("QUOTA", "There is no space."));
  const { api } = await openService({ ports: { ...ports, objects: { ...ports.objects, put } } });
  await api.remove("s");
  expect(await ports.objects.get("s")).toBeUndefined();
  expect(await ports.blobs.stat({ id: "s", name: "output" })).toBeUndefined();
});
