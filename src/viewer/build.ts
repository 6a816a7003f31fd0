// `npm run build`, second part: bundles the page.

import { bundlePage } from "./asset.js";

bundlePage();
