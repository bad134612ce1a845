/** All parts, in the order they run in. */

import { appendsPart } from "./appends.js";
import { archivePart } from "./archive.js";
import { archiveFflatePart } from "./archive-fflate.js";
import { browserLayoutPart, browserPart } from "./browser.js";
import { deletePart } from "./delete.js";
import { driversPart } from "./drivers.js";
import { growthPart } from "./growth.js";
import { manyPart } from "./many.js";
import { memoryPart } from "./memory.js";
import type { Part } from "./part.js";
import { readPart } from "./read.js";
import { recordersPart } from "./recorders.js";
import { searchPart } from "./search.js";
import { sessionsMemoryPart } from "./sessions-memory.js";
import { startUpPart } from "./start-up.js";
import { storedSizePart } from "./stored-size.js";
import { sessionsPart, smallPart } from "./sweep.js";
import { tailPart } from "./tail.js";

export const PARTS: readonly Part[] = [
  archivePart,
  archiveFflatePart,
  readPart,
  tailPart,
  storedSizePart,
  smallPart,
  sessionsPart,
  appendsPart,
  driversPart,
  manyPart,
  growthPart,
  deletePart,
  recordersPart,
  memoryPart,
  sessionsMemoryPart,
  searchPart,
  startUpPart,
  browserPart,
  browserLayoutPart,
];

/** The named parts, or the main ones if no name is given. Throws for an unknown name. */
export function partsNamed(names: readonly string[]): readonly Part[] {
  if (names.length === 0) return PARTS.filter(({ optIn }) => !optIn);
  return names.map((name) => {
    const part = PARTS.find((each) => each.name === name);
    if (part) return part;
    throw new Error(`There is no part "${name}". The parts are: ${PARTS.map((each) => each.name).join(", ")}.`);
  });
}
