#!/usr/bin/env bash
# trained.sh PYTHON HOME MODELS [ask]: train unless the newest model was made from exactly these inputs and signed with this
# key. With "ask" nothing is trained: the exit code says whether there is nothing to do.
set -euo pipefail
python=$1 home=$2 models=$3 ask=${4:-}
stamp=$models/inputs.sha256

inputs() {
    # Everything a model is made of: training data, pipeline, its code, the packages, and the key that signs it. What lies in
    # data/danger taught the second ear, which is shipped.
    { find config.yml domain.yml data bot/engine bot/language content/regions.csv requirements.lock \
        -not -path 'data/danger/*' -type f \( -name '*.yml' -o -name '*.py' -o -name '*.csv' -o -name '*.lock' \) | LC_ALL=C sort
      echo "$home/model-key"; } | while read -r file; do [ -f "$file" ] && sha256sum "$file"; done | sha256sum | cut -d' ' -f1
}

if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$(inputs)" ] && ls "$models"/*.tar.gz >/dev/null 2>&1; then
    exit 0
fi
[ "$ask" != ask ] || exit 1
mkdir -p "$models"
rm -f "$stamp"
# Rasa writes a hundred lines about each part; they are kept for the case that it fails.
PYTHONWARNINGS=ignore "$python" -m bot train 2>"$models/training.log" &
training=$!
while kill -0 "$training" 2>/dev/null; do printf .; sleep 2; done
echo
wait "$training" || { tail -n 30 "$models/training.log" >&2; echo "training failed; all of it: $models/training.log" >&2; exit 1; }
# Older models would only fill the disk: every one can be made again.
ls -t "$models"/*.tar.gz | tail -n +4 | while read -r old; do rm -f "$old" "$old.sig"; done
inputs >"$stamp"
