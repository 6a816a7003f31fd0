// `turncoat/vocabulary`: all the words in which protocols, properties and adversaries are written. The commonest of them are in
// `turncoat`, too.

export * from "../protocol/index.js";
