/** codec-zlib: several levels, and core's codecs read what it wrote. */
import { zlibCodec } from "@session-archiver/codec-zlib";
import { createArchiver, fflateCodec, memoryPorts, nativeCodec } from "@session-archiver/core";
import { expectWhole, live } from "./life.js";

for (const level of [0, 1, 6, 9]) {
  const ports = memoryPorts();
  await live({ ...ports, codec: zlibCodec({ level }) });
  for (const codec of [fflateCodec(), nativeCodec()]) await expectWhole(createArchiver({ ...ports, codec }));
}
