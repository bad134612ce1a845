/** The size of all sessions in one line; a link to the storage page. */
import { ChevronRight } from "lucide";
import type { VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { hashOf, route } from "../client/route.ts";
import { totals } from "../client/storage.ts";
import { bytes } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { StackedBar } from "../ui/stacked-bar.tsx";

export function StorageLink(): VNode {
  const { live, archive, saved } = totals.value;
  const link = useRef<HTMLAnchorElement>(null);
  const { page } = route.value;
  const wasHere = useRef(false);
  useLayoutEffect(() => {
    if (wasHere.current && page === "home" && document.activeElement === document.body) link.current?.focus();
    wasHere.current = page === "storage";
  }, [page]);
  return (
    <a
      ref={link}
      class="storage-link"
      href={hashOf({ page: "storage" })}
      aria-current={page === "storage" ? "page" : undefined}
    >
      <span class="storage-link-head">
        <span>Storage</span>
        <Icon icon={ChevronRight} />
      </span>
      <StackedBar live={live} archive={archive} saved={saved} />
      <span class="storage-link-figures tabular">
        <span class="key key-live">{bytes(live)} live</span>
        <span class="key key-archive">{bytes(archive)} archived</span>
        <span class="key key-saved">{bytes(saved)} saved</span>
      </span>
    </a>
  );
}
