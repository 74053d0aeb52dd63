#!/usr/bin/env bash
# proved.sh PYTHON [PYTEST-ARGUMENT…]: all proofs; those that measure time come last, with nothing of ours beside them.
set -uo pipefail
python=$1
shift
failed=0 ran=0

prove() { # prove WHICH [PYTEST-ARGUMENT…]; 5: nothing of what was asked for is among these
    "$python" -m pytest -m "$@"
    local code=$?
    [ $code = 5 ] || ran=1
    [ $code = 0 ] || [ $code = 5 ] || failed=$code
}

prove "proof and not alone" -n 2 --dist loadfile "$@"
[ $failed != 2 ] || exit 2 # interrupted
prove "proof and alone" "$@"
[ $ran = 1 ] || exit 5
exit $failed
