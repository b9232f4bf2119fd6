#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds Tintype, and draws one picture with the model that comes with it.
# Asks nothing; run again it does only what is left to do.
#
#   packaging/run.sh [--headless]      --headless never needs a display
set -euo pipefail
. "$(dirname "$0")/setup.sh"

for argument in "$@"; do
    case "$argument" in
    --headless) ;; # there is nothing yet that would need a display
    *) echo "usage: packaging/run.sh [--headless]" >&2; exit 2 ;;
    esac
done

install_debian $BUILD_PACKAGES
install_libtorch
build_release -DTINTYPE_BUILD_TESTS=OFF

step "Drawing a picture"
picture=build/first-picture.png
build/release/bin/tintype generate --model examples/shapes-flux/models/shapes-flux \
    --prompt "a large red circle on a white background" --steps 4 --guidance 0 --width 128 --height 128 --seed 7 -o "$picture"
echo "The picture lies in $PWD/$picture"
echo "Serve it: build/release/bin/tintype run examples/shapes-flux/app.yaml"
