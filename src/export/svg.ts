// SVG export: the sequence diagram as a file of its own, for a README, a slide, a wiki. It carries its own style, light and dark.

import { diagramOf } from "../render/diagram.js";
import { sequenceStyle, sequenceSvg } from "../render/sequence-svg.js";
import type { Exporter } from "./exporter.js";

const colours =
  "svg { color: #222; background: #fff; } @media (prefers-color-scheme: dark) { svg { color: #ddd; background: #181818; } }";

export const svg: Exporter = {
  name: "svg",
  summary: "a sequence diagram as a picture",
  ending: ".svg",
  write: ({ result }) => {
    const picture = sequenceSvg(diagramOf(result)).replace(
      "<svg ",
      '<svg xmlns="http://www.w3.org/2000/svg" ',
    );
    const end = picture.indexOf("\n") + 1;
    return `${picture.slice(0, end)}<style>${colours}${sequenceStyle}</style>\n${picture.slice(end)}\n`;
  },
};
