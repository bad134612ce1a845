/** The suite on the ports that core makes from a key-value store. */
import { describe, test } from "vitest";
import { conformance, FEATURES } from "../../src/index.js";
import { kvSubject } from "../subjects.js";

conformance({ describe, test }, "a key-value store", kvSubject, { offers: FEATURES });
