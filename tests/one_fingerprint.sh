#!/usr/bin/env bash
# Every build that is named gives one fingerprint for every variant of every article: debug, release, gcc, clang.
set -euo pipefail
cd "$(dirname "$0")/.."
status=0
for experiment in experiments/articles/*.json; do
  first=
  for build in "$@"; do
    out=$(mktemp -d)
    found=$("$build/deadletter" run "$experiment" --variant all --out "$out/run" --format json | grep '"fingerprint":')
    rm -rf "$out"
    if [ -z "$first" ]; then first=$found; elif [ "$found" != "$first" ]; then
      echo "$experiment: $build differs from $1"
      status=1
    fi
  done
done
[ "$status" = 0 ] && echo "one fingerprint in: $*"
exit "$status"
