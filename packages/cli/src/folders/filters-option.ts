/** Filters as people write them: `project=/home/me/work/**,older=30`. */
import type { UnitFilter } from "@session-archiver/agent-folders";
import { InvalidArgumentError } from "commander";
import { daysArgument, sizeArgument } from "../arguments.js";

type Field = (text: string) => UnitFilter;

const FIELDS: Readonly<Record<string, Field>> = {
  agent: (agent) => ({ agent }),
  project: (project) => ({ project }),
  older: (days) => ({ olderThanDays: daysArgument(days) }),
  younger: (days) => ({ youngerThanDays: daysArgument(days) }),
  larger: (size) => ({ minBytes: sizeArgument(size) }),
  smaller: (size) => ({ maxBytes: sizeArgument(size) }),
};

export const FILTER_NAMES: readonly string[] = Object.keys(FIELDS);

export const FILTER_HELP =
  "agent=NAME, project=GLOB, older=DAYS, younger=DAYS, larger=SIZE, smaller=SIZE; with commas: all of them";

/** One filter for each time that the option is given; a session matches if one of them fits. */
export function filterArgument(text: string, before: readonly UnitFilter[] = []): readonly UnitFilter[] {
  let filter: UnitFilter = {};
  // A comma within a value is not followed by another `name=`.
  for (const part of text.split(/,(?=[a-z]+=)/)) {
    const [, name = "", value = ""] = /^([a-z]+)=(.+)$/s.exec(part) ?? [];
    const field = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
    if (!field) throw new InvalidArgumentError(`Write a filter of ${FILTER_HELP}.`);
    filter = { ...filter, ...field(value) };
  }
  return [...before, filter];
}

/** The filter as it is written; sizes in bytes. */
export function filterText({ agent, project, olderThanDays, youngerThanDays, minBytes, maxBytes }: UnitFilter): string {
  const named = { agent, project, older: olderThanDays, younger: youngerThanDays, larger: minBytes, smaller: maxBytes };
  return Object.entries(named)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${value}`)
    .join(",");
}
