/** Images inside a transcript. Only base64 of four formats is shown; a URL is never loaded. */
import type { ImageBlock, ImageType } from "../entry.js";
import { asString, type JsonObject } from "../json.js";

const TYPES: ReadonlySet<string> = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);
const DATA_URL = /^data:(image\/[a-z+.-]{1,20});base64,/;

/** Checks only both ends: an image can be megabytes, and a browser refuses a bad one by itself. */
const isBase64 = (data: string): boolean =>
  data.length >= 8 && [data.slice(0, 256), data.slice(-256)].every((part) => /^[A-Za-z0-9+/]+={0,2}$/.test(part));

export function image(mediaType: string | null, data: string | null): ImageBlock {
  const known = mediaType !== null && TYPES.has(mediaType) ? (mediaType as ImageType) : null;
  return { type: "image", mediaType: known, data: known !== null && data !== null && isBase64(data) ? data : null };
}

export function imageFromUrl(url: string | null): ImageBlock {
  const head = DATA_URL.exec(url?.slice(0, 64) ?? "");
  return head === null || url === null ? image(null, null) : image(head[1] ?? null, url.slice(head[0].length));
}

/** `source` as in Claude's messages: `{type: "base64", media_type, data}`. */
export const imageFromSource = (source: JsonObject | null): ImageBlock =>
  source?.["type"] === "base64" ? image(asString(source["media_type"]), asString(source["data"])) : image(null, null);
