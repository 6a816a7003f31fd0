/**
 * Assertions about protocols for test runners.
 *
 * @module turncoat/assert
 */

export {
  type AssertedProtocol,
  type AssertOptions,
  assertHolds,
  assertViolated,
  type ViolationOptions,
} from "../suite/assertions.js";
