/** The machine and the versions of a measurement. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism, cpus, release, totalmem, type } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    kernel: `${type()} ${release()}`,
  };
}

/** Versions of all compared programs; `undefined`, and so absent from JSON, if one isn't installed. */
export function versions(): Readonly<Record<string, string | undefined>> {
  return {
    node: process.versions.node,
    zlib: process.versions.zlib,
    sqlite: process.versions["sqlite"],
    "better-sqlite3": packageVersion("better-sqlite3"),
    fflate: packageVersion("fflate"),
    gzip: toolVersion("gzip"),
    pigz: toolVersion("pigz"),
    zstd: toolVersion("zstd"),
    tar: toolVersion("tar"),
    rg: toolVersion("rg"),
  };
}

/** The first line of the program's version output; `undefined` if it isn't installed. */
export function toolVersion(tool: string): string | undefined {
  try {
    return execFileSync(tool, ["--version"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).split("\n")[0];
  } catch {
    return undefined;
  }
}

function packageVersion(name: string): string | undefined {
  try {
    const [before] = fileURLToPath(import.meta.resolve(name)).split(join("node_modules", name));
    const manifest = readFileSync(join(before ?? "", "node_modules", name, "package.json"), "utf8");
    return (JSON.parse(manifest) as { version: string }).version;
  } catch {
    return undefined;
  }
}
