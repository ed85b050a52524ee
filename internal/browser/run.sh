#!/usr/bin/env bash
# The quickstart in real JupyterLab in a headless Chromium. Ends with
# "N passed, N failed"; screenshots are left in .cache/browser.
#
# Needs node, python3 and PyPI; Chromium is taken from PATH or, as root on
# Debian, installed.
set -euo pipefail
cd "$(dirname "$0")"
here=$PWD
root=$(cd ../.. && pwd)
cache=$root/.cache/browser
mkdir -p "$cache"

chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)
if [ -z "$chromium" ]; then
	apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium >"$cache/apt.log" 2>&1
	chromium=$(command -v chromium)
fi
if ! cmp -s requirements.txt "$cache/requirements.txt"; then
	rm -rf "$cache/venv"
	python3 -m venv "$cache/venv"
	"$cache/venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
	cp requirements.txt "$cache/requirements.txt"
fi
if ! cmp -s package.json "$cache/package.json"; then
	cp package.json "$cache/"
	(cd "$cache" && npm install --silent --no-audit --no-fund)
fi

(cd "$root" && "${GO:-go}" build -o "$cache/nskernel" ./cmd/nskernel)
scratch=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$scratch"' EXIT
export PATH=$cache/venv/bin:$PATH VIRTUAL_ENV=$cache/venv
export JUPYTER_RUNTIME_DIR=$scratch/runtime JUPYTER_DATA_DIR=$scratch/data JUPYTER_CONFIG_DIR=$scratch/config
export JUPYTERLAB_SETTINGS_DIR=$scratch/settings JUPYTERLAB_WORKSPACES_DIR=$scratch/workspaces
"$cache/nskernel" install --sys-prefix
# All cells stay in the page, also those that are scrolled away.
mkdir -p "$cache/venv/share/jupyter/lab/settings"
echo '{"@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"}}' >"$cache/venv/share/jupyter/lab/settings/overrides.json"
cp -r "$root/notebooks" "$scratch/notebooks"
jupyter lab --allow-root --no-browser --ip 127.0.0.1 --port 0 --notebook-dir "$scratch/notebooks" \
	--IdentityProvider.token= --LabApp.news_url= >"$cache/server.log" 2>&1 &
server=$!
url=
for _ in $(seq 100); do
	url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' "$cache/server.log" | head -n 1 || true)
	[ -n "$url" ] && break
	sleep 0.2
done
[ -n "$url" ] || { echo "JupyterLab did not start:"; cat "$cache/server.log"; exit 1; }
cp lab.mjs "$cache/"
cd "$cache"
CHROMIUM=$chromium node lab.mjs "$url" "$cache"
