/** A URL for an image's bytes, valid while the component is shown. */

import type { ImageType } from "@session-archiver/transcripts";
import { useEffect, useState } from "preact/hooks";

/** The first bytes of each format's files. */
const MAGIC: Readonly<Record<ImageType, string>> = {
  "image/png": "\x89PNG",
  "image/jpeg": "\xff\xd8\xff",
  "image/gif": "GIF8",
  "image/webp": "RIFF",
};

function toBlob(type: ImageType, base64: string): Blob | null {
  try {
    const binary = atob(base64);
    return binary.startsWith(MAGIC[type])
      ? new Blob([Uint8Array.from(binary, (character) => character.charCodeAt(0))], { type })
      : null;
  } catch {
    return null;
  }
}

/** `undefined` at first; `null` if the data is no image of that type. */
export function useImageUrl(type: ImageType | null, base64: string | null): string | null | undefined {
  const [url, setUrl] = useState<string | null>();
  useEffect(() => {
    const blob = type === null || base64 === null ? null : toBlob(type, base64);
    const made = blob && URL.createObjectURL(blob);
    setUrl(made);
    return () => {
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [type, base64]);
  return url;
}
