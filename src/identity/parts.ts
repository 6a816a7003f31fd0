// The parts of an identity: what the code was made of.

/**
 * What the code was made of, by name: files by their path relative to the module that was named (`./vote.ts`, with a digest),
 * packages by theirs (`effect`, with a version), and `turncoat` with its version and a digest of its build.
 */
export interface Parts {
  readonly [name: string]: string;
}
