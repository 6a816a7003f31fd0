// Draws plots as SVG without a browser. Vega is loaded only when something is drawn: that takes a few tenths
// of a second.

import type { Plot } from "./plots.js";

/** A plot as SVG. */
export async function svgOf({ spec }: Pick<Plot, "spec">): Promise<string> {
  const [{ parse, View }, { compile }] = await Promise.all([import("vega"), import("vega-lite")]);
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}

/** Several plots in one SVG, one below the other. */
export async function svgOfAll(plots: readonly Plot[]): Promise<string> {
  const [first] = plots;
  if (plots.length === 1 && first) return svgOf(first);
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    spacing: 40,
    resolve: { scale: { color: "shared", shape: "shared" } },
    vconcat: plots.map(({ spec: { $schema: _, background: __, ...inner } }) => inner),
  } as unknown as Plot["spec"];
  return svgOf({ spec });
}
