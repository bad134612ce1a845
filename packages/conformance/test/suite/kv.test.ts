/** The suite on the ports that core makes from a key-value store. */
import { describe, test } from "vitest";
import { conformance } from "../../src/index.js";
import { KV_OFFERS, kvSubject } from "../subjects.js";

conformance({ describe, test }, "a key-value store", kvSubject, { offers: KV_OFFERS });
