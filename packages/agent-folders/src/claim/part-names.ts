/** The names of parts: `<kind>.<UTC time>.<16 hex>`, and what was copied of them. */
import type { Extent, HeldPart, PartKind } from "./claim-types.js";

type Covers = readonly (Extent | undefined)[];
type Named = Pick<HeldPart, "kind" | "at" | "copied" | "covers">;

const NAME = /^(original|fragment|whole|last-bytes)\.(\d{8})t(\d{9})z\.([0-9a-f]{16})(?:\.([0-9a-fn_-]{1,207}))?$/;
const EXTENT = /^(0|[1-9]\d{0,15})-([0-9a-f]{8})$/;
const TIME = /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)(\d{3})z$/;
/** In the place of an extent. */
const NONE = "n";
/** File systems allow no more. */
const NAME_MAX = 255;

export function partName(kind: PartKind, at: number, id: string): string {
  return `${kind}.${timeText(at)}.${id}`;
}

/** The path of a whole, with what it holds of older parts. */
export function coveringPath(path: string, covers: Covers): string {
  const { folder, stem } = split(path);
  return `${folder}${stem}.${covers.map((extent) => (extent ? extentText(extent) : NONE)).join("_")}`;
}

/** Whether the name of a whole has room for this. */
export function hasRoom(path: string, covers: Covers): boolean {
  const whole = coveringPath(path, covers);
  return whole.length - split(whole).folder.length <= NAME_MAX;
}

/** Nothing is to be written into the names of older parts, any more or at all. */
export const COVERS_NOTED: Covers = [undefined];

/** The path of a part, with what was copied of it. A whole that was copied itself is a part like others. */
export function copiedPath(path: string, copied: Extent): string {
  const { folder, stem } = split(path);
  return `${folder}${stem.replace(/^whole/, "fragment")}.${extentText(copied)}`;
}

/** `undefined` for names that are not of this form. */
export function parsePartName(name: string): Named | undefined {
  const [, kind, day, time, , more] = NAME.exec(name) ?? [];
  const known = kindOf(kind);
  const at = timeOf(`${day}t${time}z`);
  if (!known || at === undefined) return undefined;
  if (more === undefined) return { kind: known, at };
  const extents = more.split("_").map(extentOf);
  if (extents.includes("bad")) return undefined;
  const covers = extents.map((extent) => (extent === "bad" ? undefined : extent));
  if (known === "whole") return { kind: known, at, covers };
  const [copied, ...others] = covers;
  return copied && others.length === 0 ? { kind: known, at, copied } : undefined;
}

function split(path: string): { readonly folder: string; readonly stem: string } {
  const start = path.lastIndexOf("/") + 1;
  return { folder: path.slice(0, start), stem: path.slice(start).split(".").slice(0, 3).join(".") };
}

function kindOf(text: string | undefined): PartKind | undefined {
  const kinds: readonly PartKind[] = ["original", "fragment", "whole", "last-bytes"];
  return kinds.find((kind) => kind === text);
}

function timeText(at: number): string {
  return new Date(at).toISOString().replace(/[-:.]/g, "").toLowerCase();
}

/** `undefined` for what is no time, such as the 31st of February. */
function timeOf(text: string): number | undefined {
  const at = Date.parse(text.replace(TIME, "$1-$2-$3T$4:$5:$6.$7Z"));
  return Number.isNaN(at) || timeText(at) !== text ? undefined : at;
}

function extentText({ size, crc32 }: Extent): string {
  return `${size}-${crc32.toString(16).padStart(8, "0")}`;
}

function extentOf(text: string): Extent | undefined | "bad" {
  if (text === NONE) return undefined;
  const [, size, crc32] = EXTENT.exec(text) ?? [];
  if (size === undefined || crc32 === undefined) return "bad";
  return Number.isSafeInteger(Number(size)) ? { size: Number(size), crc32: Number.parseInt(crc32, 16) } : "bad";
}
