/** Draws a conversation, entry by entry. */
import type { Entry } from "@session-archiver/transcripts";
import type { Look } from "../../output/style.js";
import { formatTime } from "../../output/times.js";
import type { JoinedEntry } from "../join-results.js";
import type { ShowOptions } from "../options.js";
import { partsOf } from "./parts.js";
import { type Depth, oneLine, type View } from "./view.js";

/** Draws one entry after the other; `""` where nothing of it is shown. */
export type Draw = (given: JoinedEntry) => string;

type Asked = Pick<ShowOptions, "line" | "tools" | "thinking" | "full">;

export function conversation(view: View, asked: Asked): Draw {
  const { style } = view;
  let day = "";
  let lastModel = "";
  /** What the last lines were: tools that follow each other are not set apart. */
  let before: "nothing" | "prose" | "quiet" = "nothing";
  const clock = (time: number | null): string => {
    if (time === null) return "";
    const [date = "", hours = ""] = formatTime(time).split(" ");
    const isSame = date === day;
    day = date;
    return isSame ? hours : `${date} ${hours}`;
  };
  /** Said where it changes. */
  const modelOf = ({ role, model }: Entry): string => {
    if (role !== "assistant" || model === null || model === lastModel) return "";
    lastModel = model;
    return oneLine(model, 40, view);
  };
  const heading = ({ line, entry, turn }: JoinedEntry, isAsked: boolean): string => {
    const parts: readonly (readonly [look: Look | readonly Look[], text: string])[] = [
      ["yellow", isAsked ? "▶" : ""],
      ["dim", `#${line}`],
      [["bold", lookOf(entry)], nameOf(entry, view)],
      [[], clock(entry.time)],
      ["dim", turn === undefined ? "" : `turn ${turn}`],
      ["dim", modelOf(entry)],
    ];
    let room = view.columns + 1;
    const fitting = parts.filter(([, text]) => {
      const width = text === "" ? 0 : view.measure(text) + 1;
      if (width > room) return false;
      room -= width;
      return width > 0;
    });
    return fitting.map(([look, text]) => style(look, text)).join(" ");
  };
  return (given) => {
    const isAsked = isFor(given, asked.line);
    const depth: Depth = asked.full || isAsked ? "full" : asked.tools ? "tools" : "folded";
    const parts = partsOf(given, depth, asked.thinking === true || depth === "full", view);
    if (parts.length === 0) return "";
    const needsHeading = isAsked || parts.some(({ quiet }) => !quiet);
    const lines: string[] = [];
    const add = (kind: "prose" | "quiet", more: readonly string[]): void => {
      const isApart = kind === "prose" || before === "prose" || depth !== "folded";
      if (before !== "nothing" && isApart) lines.push("");
      lines.push(...more);
      before = kind;
    };
    parts.forEach(({ quiet, lines: own }, i) => {
      const isFirst = i === 0 && needsHeading;
      if (isFirst) add("prose", [heading(given, isAsked), ...own]);
      else add(quiet ? "quiet" : "prose", own);
      if (isFirst && quiet) before = "quiet";
    });
    return lines.map((line) => `${line}\n`).join("");
  };
}

function isFor({ line, results }: JoinedEntry, wanted: number | undefined): boolean {
  return wanted !== undefined && (line === wanted || [...results.values()].some((result) => result.line === wanted));
}

const LOOKS: { readonly [role in Entry["role"]]: Look } = {
  user: "cyan",
  assistant: "green",
  system: "magenta",
  tool: "blue",
  event: "yellow",
};

function lookOf({ role, label }: Entry): Look {
  return label === null ? LOOKS[role] : "magenta";
}

function nameOf({ role, label }: Entry, view: View): string {
  return label === null ? role : oneLine(label, 40, view).toLowerCase();
}
