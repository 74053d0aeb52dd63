#!/usr/bin/env bash
# checked.sh VENV: everything that can be said about the code and the content without running them; all of it, then the verdict.
set -uo pipefail
bin=$1/bin
failed=()

step() {
    local name=$1 began=$SECONDS
    shift
    echo "── $name"
    "$@" || failed+=("$name")
    echo "   $((SECONDS - began)) s"
}

step "lint" "$bin/ruff" check .
step "formatting" "$bin/ruff" format --check .
step "types" "$bin/mypy"
step "directions" "$bin/lint-imports" --no-cache
step "content" "$bin/python" -m bot content check

if [ ${#failed[@]} -gt 0 ]; then
    echo "check failed: ${failed[*]}"
    exit 1
fi
echo "check passed"
