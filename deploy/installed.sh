#!/usr/bin/env bash
# installed.sh VENV LOCK: make the virtual environment and install exactly what the lock names.
set -euo pipefail
venv=$1 lock=$2

find_python() {
    for name in "${PYTHON:-}" python3.11 /usr/bin/python3.11 python3; do
        if [ -n "$name" ] && "$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    echo "Python 3.11 was not found. On Debian 12: apt-get install python3 python3-venv. Elsewhere: make … PYTHON=/path/to/python3.11" >&2
    return 1
}

if [ ! -x "$venv/bin/python" ]; then
    python=$(find_python)
    echo "making $venv with $("$python" --version)"
    "$python" -m venv "$venv" || {
        rm -rf "$venv"
        echo "$venv could not be made. On Debian 12: apt-get install python3-venv" >&2
        exit 1
    }
fi

total=$(grep -cE '^[a-z0-9].*==' "$lock")
echo "installing $total packages into $venv (1 to 3 minutes)"
# --no-deps: the lock is complete. --use-pep517: old source packages build apart from what is installed here.
"$venv/bin/python" -m pip install --disable-pip-version-check --progress-bar off \
    --no-deps --require-hashes --ignore-requires-python --use-pep517 -r "$lock" |
    awk -v total="$total" '
        /^(Collecting|Requirement already)/ { n++; if (n % 10 == 0 || n == total) print "  " n " of " total " found" }
        /^(Building|Installing)/            { print "  " substr($0, 1, 60) " …" }
        { fflush() }'
touch "$venv/.installed"
echo "installed: $(du -sm "$venv" | cut -f1) MB"
