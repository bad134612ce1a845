import { bytesOf, toBytes } from "@session-archiver/core";
import { expect, test } from "vitest";
import { fileOf, userLine } from "./support/files.ts";
import { openService } from "./support/service.ts";

test("every operation that meets the same damage says the same, for their messages stand side by side", async () => {
  const { api, ports } = await openService();
  const lines = Array.from({ length: 3000 }, (_, index) => userLine(`hello ${Math.sin(index)}`));
  await api.importFiles([fileOf("s.jsonl", lines.join(""))]);
  await api.archive("s");
  for await (const { key } of ports.archives.list()) {
    if (!key.endsWith(".gz")) continue;
    const bytes = await toBytes(ports.archives.read(key));
    bytes.set([255 - (bytes[bytes.length >> 1] ?? 0)], bytes.length >> 1);
    await ports.archives.delete(key);
    await ports.archives.put(key, bytesOf(bytes));
  }
  const meets = [
    () => api.openTranscript("s"),
    () => api.readLines("s", 0, 3000),
    () => api.readLine("s", 2),
    () => api.verify("s"),
    () => api.restore("s"),
    () => api.exportGzip("s"),
  ];
  const told = new Set<string>();
  for (const meet of meets) {
    const error = await meet().then(
      () => undefined,
      (failure: { readonly code: string; readonly message: string }) => failure,
    );
    told.add(`${error?.code}: ${error?.message}`);
  }
  expect([...told]).toEqual([
    expect.stringMatching(/^CORRUPT: Session "s" is damaged: Archive ".+" has a damaged segment/),
  ]);
});
