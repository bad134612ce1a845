/** What people and machines do to catalogues behind the archiver's back. */
import type { Catalogue } from "./catalogue.js";
import { MOST_CATALOGUES, type Turn } from "./plan.js";
import type { StoresWorld } from "./world.js";

/** Makes the change. Gives the numbers of the catalogues whose processes end with it. */
export function turn(world: StoresWorld, what: Turn): readonly number[] {
  const catalogue = world.catalogues[what.catalogue];
  if (!catalogue) return [];
  switch (what.kind) {
    case "none":
      return [];
    case "lost":
      disturb(catalogue);
      catalogue.become(world.newMoment());
      catalogue.note();
      world.law.forgive();
      return [what.catalogue];
    case "setBack": {
      const moment = catalogue.journal[Math.floor((catalogue.journal.length * what.to) / 1000)];
      disturb(catalogue);
      if (moment) catalogue.become(moment);
      world.law.forgive();
      return [what.catalogue];
    }
    case "cloned": {
      if (world.catalogues.length >= MOST_CATALOGUES) return [];
      const copy = world.addCatalogue(catalogue.sink, catalogue.moment());
      disturb(catalogue);
      disturb(copy);
      return [];
    }
    case "swapped": {
      const other = world.catalogues[what.with];
      if (!other || other === catalogue) return [];
      disturb(catalogue);
      disturb(other);
      [catalogue.sink, other.sink] = [other.sink, catalogue.sink];
      return [what.catalogue, what.with];
    }
  }
}

function disturb(catalogue: Catalogue): void {
  catalogue.isDisturbed = true;
}
