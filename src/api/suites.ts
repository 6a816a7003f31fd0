/**
 * Suites of runs inside a test runner.
 *
 * @module turncoat/suites
 */

export { defineConfig, type TurncoatConfig } from "../suite/define-config.js";
export type { CheckRequest, Suite } from "../suite/request.js";
export { type CheckedRun, configuredRuns, type SuiteRun, suiteRuns } from "../suite/runs.js";
