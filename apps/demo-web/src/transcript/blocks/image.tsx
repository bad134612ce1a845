/** An image inside the transcript, at one height until it is opened, so that decoding it moves nothing. */

import type { ImageBlock } from "@session-archiver/transcripts";
import { ImageOff } from "lucide";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "../../ui/icon.tsx";
import { nameOf, useRowState } from "../row-state.ts";
import { useImageUrl } from "./use-image-url.ts";

export function Image({ image }: { readonly image: ImageBlock }): VNode {
  const [large, setLarge] = useRowState(nameOf("image", image.data ?? ""), false);
  const [broken, setBroken] = useState(false);
  const url = useImageUrl(image.mediaType, image.data);
  const isDamaged = broken || (image.data !== null && url === null);
  if (image.data === null || isDamaged) {
    return (
      <p class="image-missing">
        <Icon icon={ImageOff} />
        {isDamaged ? "This image is damaged." : "An image that can't be shown here."}
      </p>
    );
  }
  return (
    <button
      type="button"
      class={large ? "image image-large" : "image"}
      aria-label={large ? "Make the image small" : "Make the image large"}
      aria-pressed={large}
      onClick={() => setLarge(!large)}
    >
      {url && <img src={url} alt="From the session" decoding="async" onError={() => setBroken(true)} />}
    </button>
  );
}
