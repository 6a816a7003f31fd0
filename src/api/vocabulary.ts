/**
 * All the words in which protocols, properties and adversaries are written. The commonest of them are in
 * `turncoat`, too.
 *
 * @module turncoat/vocabulary
 */

export * from "../protocol/index.js";
