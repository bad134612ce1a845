/** The data for all parts, made once and kept in a folder. */
import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { copiesOf } from "./copies.js";
import { checkRatio } from "./ratio.js";
import { sizeLabel } from "./size.js";
import { smallSessions } from "./small-sessions.js";
import { type Source, templatesOf } from "./sources.js";
import { type Made, writeOneFile, writeSessions } from "./write.js";

export interface DataFile {
  readonly path: string;
  readonly bytes: number;
  /** Unix ms of the last line. */
  readonly endMs: number;
}

export interface DataFolder {
  /** A folder with exactly these files. */
  readonly folder: string;
  readonly bytes: number;
  readonly files: readonly DataFile[];
}

/** Makes each kind of data on first use. Rejects if gzip's ratio is outside the range of real sessions. */
export interface DataSet {
  /** The requested size in bytes. */
  readonly size: number;
  readonly source: Source;
  /** One session of that size. */
  large(): Promise<DataFile>;
  /** Sessions of different sizes, each in a file. */
  sessions(): Promise<DataFolder>;
  /** Sessions of 20 kB, each in a file. */
  small(count: number): Promise<DataFolder>;
  /** gzip's ratio of each kind of data that was used, by name. */
  ratios(): Readonly<Record<string, number>>;
}

export interface DataSetOptions {
  readonly folder: string;
  readonly size: number;
  readonly source: Source;
  /** Gets messages about the data and gzip's ratio of it. */
  readonly log?: (message: string) => void;
}

/** Part of the folders' names, so that data of another maker is not used. */
const MAKER = "v1";
const DESCRIPTION = "description.json";
const FILES = "files";

export function openDataSet({ folder, size, source, log = () => {} }: DataSetOptions): DataSet {
  const ratios: Record<string, number> = {};
  const prefix = `${MAKER}-${source}-${sizeLabel(size)}`;

  const made = async (name: string, make: (into: string) => Promise<Made>): Promise<DataFolder> => {
    const home = join(folder, name);
    let description = await described(home);
    if (!description) {
      log(`Making ${name} in ${folder} ...`);
      const unfinished = `${home}.${randomUUID()}`;
      await mkdir(join(unfinished, FILES), { recursive: true });
      try {
        description = await make(join(unfinished, FILES));
        await writeFile(join(unfinished, DESCRIPTION), JSON.stringify(description));
        await rename(unfinished, home);
      } finally {
        await rm(unfinished, { recursive: true, force: true });
      }
    }
    if (!(name in ratios))
      log(`${name}: ${(description.bytes / 1e6).toFixed(0)} MB, gzip -6 ratio ${description.ratio.toFixed(2)}`);
    ratios[name] = Number(description.ratio.toFixed(3));
    checkRatio(description.ratio, name);
    const inside = join(home, FILES);
    const files = description.files.map(([path, bytes, endMs]) => ({ path: join(inside, path), bytes, endMs }));
    return { folder: inside, bytes: description.bytes, files };
  };
  const copies = async () => copiesOf(await templatesOf(source, size));
  return {
    size,
    source,
    async large() {
      const { files } = await made(`${prefix}-large`, async (into) => writeOneFile(into, await copies(), size));
      return files[0] as DataFile;
    },
    sessions: () => made(`${prefix}-sessions`, async (into) => writeSessions(into, await copies(), { bytes: size })),
    small: (count) =>
      made(`${MAKER}-${source}-small-${count}`, async (into) =>
        writeSessions(into, smallSessions(await copies()), { count }),
      ),
    ratios: () => ratios,
  };
}

async function described(home: string): Promise<Made | undefined> {
  try {
    return JSON.parse(await readFile(join(home, DESCRIPTION), "utf8")) as Made;
  } catch {
    return undefined;
  }
}
