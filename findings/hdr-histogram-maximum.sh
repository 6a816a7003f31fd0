#!/usr/bin/env bash
# hdr-histogram-js 3.0.1, three significant digits: the largest value after 5000001 was recorded, before and after it was sent as text, and with
# and without WebAssembly.
#
# Guess: minimum, maximum and the 100th percentile are exact and the same thing; a histogram is the same once it was encoded and decoded; the two
#   implementations give the same numbers.
# Behaviour: `maxValue` is exact, the 100th percentile is the top of its bucket, which is above the maximum. After a round trip `maxValue` is the
#   top of the bucket, too, and the minimum the bottom of it: it was not sent. A fraction is rounded down into its bucket, but is the
#   maximum as it is, without WebAssembly; with it the maximum is rounded, too.
# Consequence for reports that are merged from several machines: say the largest value from a counter of one's own.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init -y >/dev/null
npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts hdr-histogram-js@3.0.1 >/dev/null ||
  { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
cat >try.mjs <<'JS'
import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, initWebAssembly } from "hdr-histogram-js";
await initWebAssembly();
const recorded = (value, useWebAssembly) => {
  const histogram = build({ useWebAssembly });
  histogram.recordValue(value);
  return histogram;
};
const said = (one) => `minimum ${one.minNonZeroValue}, maximum ${one.maxValue}, percentile 100: ${one.getValueAtPercentile(100)}`;
const here = recorded(5000001, false);
console.log(`recorded: ${said(here)}`);
console.log(`sent: ${said(decodeFromCompressedBase64(encodeIntoCompressedBase64(here), 32, false))}`);
console.log(`1.9: maximum ${recorded(1.9, false).maxValue}, with WebAssembly ${recorded(1.9, true).maxValue}`);
JS
found=$(node try.mjs)
expected='recorded: minimum 5000001, maximum 5000001, percentile 100: 5001215
sent: minimum 4997120, maximum 5001215, percentile 100: 5001215
1.9: maximum 1.9, with WebAssembly 1'
echo "$found"
[ "$found" = "$expected" ]
