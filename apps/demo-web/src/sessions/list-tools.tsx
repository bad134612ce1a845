/** Search, filter and sort. */
import { Search, X } from "lucide";
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Filter, filter, search, sort, visibleRows } from "../client/list-view.ts";
import { IconButton } from "../ui/button.tsx";
import { counted } from "../ui/format.ts";
import { Icon } from "../ui/icon.tsx";
import { Select } from "../ui/select.tsx";

const FILTERS: readonly (readonly [Filter, string])[] = [
  ["all", "All"],
  ["live", "Live"],
  ["archived", "Archived"],
  ["resumed", "Resumed"],
  ["pruned", "Pruned"],
];

export function ListTools(): VNode {
  return (
    <search class="list-tools">
      <SearchField />
      <fieldset class="chips">
        <legend class="visually-hidden">Show</legend>
        {FILTERS.map(([value, text]) => (
          <label key={value} class="chip">
            <input
              type="radio"
              name="filter"
              class="visually-hidden"
              checked={filter.value === value}
              onChange={() => {
                filter.value = value;
              }}
            />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
      <div class="list-summary">
        <p class="hint tabular" role="status">
          {counted(visibleRows.value.length, "session")}
        </p>
        <Select
          label="Sort by"
          hideLabel
          value={sort.value}
          options={[
            ["recent", "Recent first"],
            ["size", "Largest first"],
            ["title", "By title"],
          ]}
          onChange={(value) => {
            sort.value = value;
          }}
        />
      </div>
    </search>
  );
}

function SearchField(): VNode {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector("dialog[open]")) return;
      event.preventDefault();
      input.current?.focus();
      input.current?.select();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  return (
    <div class="search-field">
      <Icon icon={Search} />
      <input
        ref={input}
        type="search"
        class="input"
        aria-label="Search sessions by title, project, agent or model"
        aria-keyshortcuts="/"
        placeholder="Search titles, projects, agents"
        value={search.value}
        onInput={(event) => {
          search.value = event.currentTarget.value;
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") search.value = "";
        }}
      />
      {search.value === "" ? (
        <span class="kbd" aria-hidden="true">
          /
        </span>
      ) : (
        <IconButton
          icon={X}
          label="Clear search"
          onClick={() => {
            search.value = "";
            input.current?.focus();
          }}
        />
      )}
    </div>
  );
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || ["INPUT", "SELECT", "TEXTAREA"].includes(target.tagName);
}
