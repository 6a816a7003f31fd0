// Published round-trip times between regions of public clouds, for realistic wide-area delays. They are
// averages of pings, and they age: rely on their proportions, not on the last millisecond.

import type { Matrix } from "./delay.js";

export interface WanPreset {
  readonly name: string;
  readonly source: string;
  readonly regions: readonly string[];
  /** Average round-trip times in milliseconds; the diagonal is one between zones of a region. */
  readonly roundTripMs: readonly (readonly number[])[];
}

/** Published figures for neighbouring zones of one region are between 0.7 and 2.9 ms (the IBM page). */
const within = 2;

export const wanPresets: readonly WanPreset[] = [
  {
    name: "ibm-2024",
    source:
      "IBM Cloud documentation, Virtual Private Cloud, network latency, averages of 28 September to 27 October 2024 " +
      "(github.com/ibm-cloud-docs/vpc, _include-segments/network-latency.md)",
    regions: [
      "dallas",
      "toronto",
      "washington",
      "frankfurt",
      "london",
      "madrid",
      "osaka",
      "sydney",
      "tokyo",
      "sao-paulo",
    ],
    roundTripMs: [
      [within, 34, 31, 123, 113, 119, 150, 185, 141, 144],
      [34, within, 19, 93, 84, 108, 169, 214, 162, 131],
      [31, 19, within, 90, 76, 89, 175, 213, 169, 119],
      [123, 92, 92, within, 13, 29, 232, 250, 231, 197],
      [114, 84, 76, 13, within, 27, 244, 261, 242, 188],
      [119, 107, 89, 29, 27, within, 259, 275, 255, 207],
      [150, 171, 176, 234, 245, 259, within, 122, 9, 292],
      [184, 214, 214, 250, 261, 275, 122, within, 115, 328],
      [143, 164, 167, 231, 243, 257, 9, 115, within, 283],
      [144, 131, 119, 198, 188, 206, 291, 327, 287, within],
    ],
  },
  {
    name: "aws-2017",
    source:
      "Latency between AWS global regions, as reprinted in April 2017 by acomputerscientistlearnsaws.blogspot.com/2017/04/aws-regions.html",
    regions: [
      "virginia",
      "california",
      "oregon",
      "ireland",
      "frankfurt",
      "tokyo",
      "seoul",
      "singapore",
      "sydney",
    ],
    roundTripMs: [
      [within, 72.74, 86.98, 80.55, 88.66, 145.3, 178.4, 216.7, 230],
      [71.63, within, 19.46, 153.2, 166.6, 102.5, 131.5, 174, 157.5],
      [88.68, 19.2, within, 137, 159.5, 89.1, 118.3, 161.4, 162.2],
      [80.52, 153.2, 137, within, 19.56, 212.4, 242.4, 239, 309.6],
      [88.62, 166.6, 159.5, 19.55, within, 236.5, 266.2, 325.9, 323.5],
      [145.3, 102.5, 89.16, 212.4, 236.6, within, 31.44, 73.79, 103.9],
      [176.6, 132.6, 118.2, 242.4, 265.3, 31.32, within, 71.87, 134],
      [216.7, 173.9, 161.4, 238.1, 325.9, 73.81, 71.29, within, 175.3],
      [229.7, 157.8, 161.9, 309.6, 323.2, 103.9, 134, 175.4, within],
    ],
  },
];

/** How much single messages vary around the average; the published tables do not say. */
const jitter = 0.05;

/** The delays of a preset: half of the round trip each way, with jitter. */
export function wanDelay({ regions, roundTripMs }: WanPreset): Matrix {
  return {
    kind: "matrix",
    regions,
    oneWayMs: roundTripMs.map((row) => row.map((ms) => ms / 2)),
    sigma: jitter,
  };
}
