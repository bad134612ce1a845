/** Searches a made-up session of the size that it is given, and prints what was found and the peak memory of its process. */
import { type BlobRef, createArchiver, memoryPorts, type Ports } from "@session-archiver/core";
import { search } from "../../src/index.js";

const [kind, bytes = "0"] = process.argv.slice(2);
const size = Number(bytes);
const BLOCK = 1024 * 1024;

const line = `${JSON.stringify({ type: "user", message: { role: "user", content: "some words of a long session, again" } })}\n`;
const lines = new TextEncoder().encode(line.repeat(Math.ceil(BLOCK / line.length)));
const words = new TextEncoder().encode("words within one line \\u0061nd more ".repeat(30_000));
const block = kind === "line" ? words : lines;
const last = new TextEncoder().encode(kind === "line" ? ' the needle"}\n' : '{"text":"the needle"}\n');
const first = new TextEncoder().encode(kind === "line" ? '{"type":"user","text":"' : "");
const count = Math.floor(size / block.length);
const total = first.length + count * block.length + last.length;

/** The output is made while it is read. */
const ports: Ports = memoryPorts();
const ref: BlobRef = { key: { id: "s", name: "output" }, generation: "live-1", size: total };
const made: Ports = {
  ...ports,
  blobs: {
    ...ports.blobs,
    stat: async () => ref,
    async *list() {
      yield ref;
    },
    async *read() {
      if (first.length > 0) yield first;
      for (let i = 0; i < count; i++) yield new Uint8Array(block);
      yield last;
    },
  },
};
await made.objects.put("s", { view: "agent" }, null);

const searched = search(createArchiver(made), "needle");
const found: number[] = [];
for await (const hit of searched) found.push(hit.line);
const { coverage } = searched;
console.log(JSON.stringify({ found, coverage, total, peakMb: Math.round(process.resourceUsage().maxRSS / 1024) }));
