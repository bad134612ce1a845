import { conformance, FEATURES } from "@session-archiver/conformance";
import { describe, test } from "vitest";
import { setup } from "../support/subject.js";

conformance({ describe, test }, "adapter-fs", setup, { offers: FEATURES });
