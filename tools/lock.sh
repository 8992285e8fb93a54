#!/usr/bin/env bash
# Writes the exact versions that everything is installed with, out of the ranges in pyproject.toml:
#
#   locks/build.txt   what builds the package itself (hatchling)
#   locks/core.txt    what `melian[all]` needs to run
#   locks/dev.txt     that, and what tests, linter and type checker need
#   locks/train.txt   what training needs
#
# The first three hold for every supported Python and system, with hashes (uv resolves them). The last is what pip
# installs on this machine: training wants the CPU build of torch where there is no GPU, which only pip's own
# configuration can point to, so it has no hashes. Usage: tools/lock.sh [train]
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python="${PYTHON:-python3}"
mkdir -p locks

"$python" -m venv "$work/venv"
if [ "${1:-}" = train ]; then
    "$work/venv/bin/pip" install --quiet -c <(sed -n 's/^\([a-z0-9-]*==[^ \\]*\)\( ;[^\\]*\)\{0,1\}.*/\1\2/p' locks/core.txt) ".[train]"
    {
        echo "# Made by tools/lock.sh train on $("$python" --version), $(uname -m); see there."
        "$work/venv/bin/pip" freeze --exclude melian | sed 's/+cpu$//; s/ @ file:.*torch-\([0-9.]*\).*/==\1/'
    } > locks/train.txt
    exit
fi

"$work/venv/bin/pip" install --quiet uv
export UV_CUSTOM_COMPILE_COMMAND=tools/lock.sh
compile() { "$work/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --upgrade "$@"; }
# editables: what hatchling needs for `pip install -e`.
"$python" -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"], "editables", sep="\n")' \
    | compile - -o locks/build.txt
compile pyproject.toml --extra all --extra dev -o locks/dev.txt
compile pyproject.toml --extra all -c locks/dev.txt -o locks/core.txt
