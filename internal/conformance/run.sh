#!/usr/bin/env bash
# The installed kernel against the clients that people use: jupyter_kernel_test,
# jupyter_client, nbclient. Ends with "N passed, N failed".
#
#   internal/conformance/run.sh [PATTERN…]    only tests whose name contains a pattern
#
# Everything lives in .cache/conformance. The first run needs PyPI.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
root=$(cd ../.. && pwd)
cache=$root/.cache/conformance
venv=$cache/venv
mkdir -p "$cache"

if ! cmp -s requirements.txt "$cache/requirements.txt"; then
	rm -rf "$venv"
	"${PYTHON:-python3}" -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
	cp requirements.txt "$cache/requirements.txt"
fi

cd "$root"
"${GO:-go}" build -o "$cache/nskernel" ./cmd/nskernel
"${GO:-go}" build -o "$cache/faulty" ./internal/conformance/faulty

# Nothing of the user's may have an influence, nor be changed. Socket files
# need a short path.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export VIRTUAL_ENV=$venv PATH=$venv/bin:$PATH
export JUPYTER_RUNTIME_DIR=$scratch/runtime JUPYTER_DATA_DIR=$scratch/data JUPYTER_CONFIG_DIR=$scratch/config
export XDG_CONFIG_HOME=$scratch/xdg XDG_DATA_HOME=$scratch/share
export JUPYTER_PLATFORM_DIRS=0
export PYTHONDONTWRITEBYTECODE=1
unset JUPYTER_PATH
mkdir -p "$JUPYTER_RUNTIME_DIR"
chmod 700 "$JUPYTER_RUNTIME_DIR"

"$cache/nskernel" install --sys-prefix
python "$here/conformance.py" --root "$root" --binary "$cache/nskernel" --faulty "$cache/faulty" "$@"
