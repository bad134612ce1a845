/** Programs that people would use instead, such as gzip, as contenders. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Contender } from "../measure/rounds.js";
import { type Command, runTool } from "../measure/tool.js";
import { toolVersion } from "../report/machine.js";
import type { Work } from "../report/series.js";

export interface ToolSettings {
  readonly work: Work;
  /** The folder for its output during a turn. */
  readonly scratch: string;
  readonly durable?: boolean;
}

/** Compresses, or decompresses, one file into another, which is then deleted. */
export function toolOn(name: string, file: string, settings: ToolSettings): Contender {
  const [tool = "", ...args] = name.split(" ");
  return contender(name, { tool, args: [...args, "-c", file] }, [tool], settings);
}

/** Packs a folder with `tar` through `gzip`, which gets the given options. */
export function tarGzip(compress: string, folder: string, settings: ToolSettings): Contender {
  const [tool = ""] = compress.split(" ");
  const args = ["-C", folder, `--use-compress-program=${compress}`, "-cf", "-", "."];
  return contender(`tar | ${compress}`, { tool: "tar", args }, ["tar", tool], settings);
}

function contender(
  name: string,
  command: Pick<Command, "tool" | "args">,
  needed: readonly string[],
  { work, scratch, durable = false }: ToolSettings,
): Contender {
  const output = join(scratch, "output");
  const run = async () => {
    try {
      return await runTool({ ...command, output, durable });
    } finally {
      await rm(output, { force: true });
    }
  };
  return { name, work, run: needed.every((tool) => toolVersion(tool) !== undefined) ? run : undefined };
}
