#!/usr/bin/env bash
# first_edition.sh PYTHON: publish content/ if the database has no edition yet; after that the database leads.
set -euo pipefail
python=$1

if ! "$python" -m bot content list | grep -q '还没有发布过'; then
    exit 0
fi
echo "publishing content/ as the first edition (every phrasing is encoded once: about a minute)"
# Everything is new, so the list of what is new says nothing.
"$python" -m bot content load --as setup --note "first edition" | grep -v '^+ '
"$python" -m bot content publish --as setup
