#!/bin/sh
# Makes the files of the cluster that compose.yaml runs: four replicas by their names, and eight clients in the container `load`.
cd "$(dirname "$0")" || exit 1
clients=load,load,load,load,load,load,load,load
npx --no-install turncoat keys pbft --replicas 4 --clients 8 --batch 8 --pipeline 1 --host r0,r1,r2,r3,$clients --port 7400 --out cluster
