import { conformance } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { OFFERS, subject } from "./support/subject.js";

conformance({ describe, test }, "in a page", subject, { offers: OFFERS });
