/** Defects that show when several archivers sweep one store. */
import { FEATURES } from "../../src/index.js";
import { sharing } from "../subjects.js";
import { inPorts, type Mutant } from "./mutant.js";
import { force } from "./wrong-writes.js";

export const sweeperMutants: readonly Mutant[] = [
  {
    ...inPorts(
      "objects: put ignores the version where several archivers commit, and nothing orders their work",
      ["of several sweepers at once one archives each session, and nothing is lost"],
      (ports) => {
        const { claim: _, ...objects } = ports.objects;
        return sharing({ ...ports, objects: { ...objects, put: (id, meta) => force(objects, id, meta) } });
      },
    ),
    offers: FEATURES.filter((feature) => feature !== "claim"),
  },
];
