// Where Turncoat's own code lies, and whether this copy of it runs from the files that the compiler wrote (`build/src`) or from the bundle
// that src/packaging/bundle.ts made of them (`build/bundle`), which starts three times as fast. In the bundle, `import.meta.url` names the
// compiled file that the code comes from, so whatever is found beside a file is found there, too.

import { fileURLToPath } from "node:url";

/** What src/packaging/bundle.ts writes into the bundle. */
interface Bundle {
  /** Its directory, relative to the compiled file of this one. */
  readonly directory: string;
  /** The digest of the compiled files that it was made of: see identity/build-digest.ts. */
  readonly digest: string;
  /** The packages in the bundle, and their versions. */
  readonly packages: { readonly [name: string]: string };
  /** What modules of users may import from the bundle, and its file in {@link bundleDirectory}. */
  readonly modules: { readonly [specifier: string]: string };
}

declare const turncoatBundle: Bundle | undefined;

/** The bundle that this is; null where compiled files run as they are. */
export const bundle: Bundle | null = typeof turncoatBundle === "undefined" ? null : turncoatBundle;

/** The compiled files, `build/src`. */
export const compiledDirectory = fileURLToPath(new URL("../", import.meta.url));

/** The directory of the bundle that this is; null where compiled files run as they are. */
export const bundleDirectory =
  bundle === null ? null : fileURLToPath(new URL(`${bundle.directory}/`, import.meta.url));
