import { conformance } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { OFFERS, setup } from "../support/subject.js";

conformance({ describe, test }, "adapter-fs", setup, { offers: OFFERS });
