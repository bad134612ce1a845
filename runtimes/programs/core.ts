/** core: in memory, with the codecs that it brings. */
import { fflateCodec, memoryPorts, nativeCodec } from "@session-archiver/core";
import { live } from "./life.js";

await live(memoryPorts());
await live({ ...memoryPorts(), codec: fflateCodec() });
await live({ ...memoryPorts(), codec: nativeCodec() });
