#!/usr/bin/env bash
# @informalsystems/quint 0.33.1, installed afresh, and with antlr4ts 0.5.0-alpha.4 beside it.
#
# Guess: a pinned version of a command-line tool starts after `npm install`.
# Behaviour: it asks for antlr4ts ^0.5.0-alpha.4. That range admits the later prerelease 0.5.0-dev ("dev" sorts after "alpha", and it is tagged
#   latest), with which `quint --version` ends with a TypeError on loading. With alpha.4 named beside it it starts.
# Consequence for CI: name both, or keep a lockfile. (A caret over a prerelease admits every later prerelease of the same version.)
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
tried() {
  rm -rf node_modules package*.json
  npm init -y >/dev/null
  npm install --silent --fetch-retries 1 --no-audit --no-fund --ignore-scripts "$@" >/dev/null ||
    { echo "The pinned packages cannot be fetched: is the npm registry within reach?" >&2; exit 2; }
  echo "antlr4ts $(node -p 'require("antlr4ts/package.json").version'): $(node_modules/.bin/quint --version 2>&1 | grep -m 1 -E '^[0-9]|^TypeError')"
}
found=$(tried @informalsystems/quint@0.33.1
tried @informalsystems/quint@0.33.1 antlr4ts@0.5.0-alpha.4)
expected='antlr4ts 0.5.0-dev: TypeError: Class extends value undefined is not a constructor or null
antlr4ts 0.5.0-alpha.4: 0.33.1'
echo "$found"
[ "$found" = "$expected" ]
