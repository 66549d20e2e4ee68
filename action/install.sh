#!/usr/bin/env bash
# The Action's steps, in one place: where everything lies, how it gets there, how it is started.
# Nothing is installed that action/requirements*.txt does not name with its hash.
set -euo pipefail

# The working directory is the reviewed code: -I, here and below, keeps it and its PYTHON variables out of what is imported.
# pip starts a Python of its own, which would read the variables all the same.
unset "${!PYTHON@}"
python=${CLOPS_PYTHON:-python3}
# Who asks no model installs no model's client.
case ${CLOPS_MODEL_PROVIDER:-none} in
  none) requirements="$CLOPS_SOURCE/action/requirements.txt" ;;
  *) requirements="$CLOPS_SOURCE/action/requirements-ai.txt" ;;
esac
folder="$RUNNER_TEMP/clops-python"

key() {
  "$python" -I -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "::error title=ClOps cannot start::Python 3.11 or later is needed on this runner; actions/setup-python installs it."
    exit 2
  }
  local what
  what=$("$python" -I -c 'import hashlib, platform, sys; print(hashlib.sha256(open(sys.argv[1], "rb").read() + sys.argv[2].encode() + repr((sys.version, sys.executable, platform.platform())).encode()).hexdigest()[:32])' "$requirements" "$folder")
  printf 'folder=%s\nkey=clops-%s\n' "$folder" "$what" >> "$GITHUB_OUTPUT"
}

install() {
  [ -f "$folder/complete" ] && return
  rm -rf "$folder"
  "$python" -I -m venv --without-pip "$folder"
  # --no-deps: the list is whole, and what is not in it is not wanted.
  "$python" -I -m pip --python "$folder/bin/python" install --quiet --disable-pip-version-check --no-input --no-deps --no-compile \
    --require-hashes --only-binary :all: --requirement "$requirements"
  # Once, so that no later start compiles them again.
  "$folder/bin/python" -I -m compileall -q "$folder/lib" || true
  touch "$folder/complete"
}

review() {
  exec "$folder/bin/python" -I "$CLOPS_SOURCE/action/review.py"
}

"$1"
