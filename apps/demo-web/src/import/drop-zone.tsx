/** Files and folders may be dropped anywhere in the window. */
import { signal } from "@preact/signals";
import { FileDown } from "lucide";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import { importFrom } from "../client/import-job.ts";
import { Icon } from "../ui/icon.tsx";
import { droppedFiles } from "./find-files.ts";

const isOver = signal(false);

export function DropZone(): VNode | null {
  useEffect(listen, []);
  if (!isOver.value) return null;
  return (
    <div class="drop-zone" aria-hidden="true">
      <div class="drop-zone-card">
        <Icon icon={FileDown} size={28} />
        <p class="drop-zone-title">Drop to import</p>
        <p>.jsonl, .jsonl.gz and .jsonl.zst files, or folders of them</p>
      </div>
    </div>
  );
}

function listen(): () => void {
  const abort = new AbortController();
  const on = (type: "dragenter" | "dragover" | "dragleave" | "drop", handle: (event: DragEvent) => void): void =>
    window.addEventListener(type, handle, { signal: abort.signal });
  on("dragenter", (event) => {
    if (hasFiles(event)) isOver.value = true;
  });
  on("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault(); // or the browser would open the file instead
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  on("dragleave", (event) => {
    if (event.relatedTarget === null) isOver.value = false; // the pointer has left the window
  });
  on("drop", (event) => {
    if (!hasFiles(event) || !event.dataTransfer) return;
    event.preventDefault();
    isOver.value = false;
    void importFrom(droppedFiles(event.dataTransfer));
  });
  return () => abort.abort();
}

function hasFiles(event: DragEvent): boolean {
  return event.dataTransfer?.types.includes("Files") ?? false;
}
