/**
 * The reference meets its own contract: the cases worked out by hand, and what it promises besides
 * results.
 */
import { createBackend } from "../../lib/backends/mod.ts";
import { conformanceSuite } from "../conformance/suite.ts";

conformanceSuite("reference", () => createBackend({ backend: "reference" }));
