#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds Tintype, and opens the studio with the example app, ready to run. Without a display it draws
# one picture instead. Asks nothing; run again it does only what is left to do.
#
#   packaging/run.sh [--headless] [app.yaml...]      --headless never needs a display
set -euo pipefail
. "$(dirname "$0")/setup.sh"

headless=no
files=()
for argument in "$@"; do
    case "$argument" in
    --headless) headless=yes ;;
    -*) echo "usage: packaging/run.sh [--headless] [app.yaml...]" >&2; exit 2 ;;
    *) files+=("$(realpath "$OLDPWD/$argument" 2>/dev/null || realpath "$argument")") ;;
    esac
done
if [ "$headless" = no ] && [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
    echo "There is no display here (neither DISPLAY nor WAYLAND_DISPLAY is set): Tintype draws a picture instead of opening its studio."
    headless=yes
fi

install_debian $BUILD_PACKAGES
[ "$headless" = yes ] || install_debian $STUDIO_PACKAGES
install_libtorch

if [ "$headless" = no ]; then
    build_release -DTINTYPE_BUILD_TESTS=OFF -DTINTYPE_WITH_UI=ON
    step "Opening the studio"
    exec build/release/bin/tintype-studio "${files[@]}"
fi
build_release -DTINTYPE_BUILD_TESTS=OFF -DTINTYPE_WITH_UI=OFF

step "Drawing a picture"
picture=build/first-picture.png
build/release/bin/tintype generate --model examples/shapes-flux/models/shapes-flux \
    --prompt "a large red circle on a white background" --steps 4 --guidance 0 --width 128 --height 128 --seed 7 -o "$picture"
echo "The picture lies in $PWD/$picture"
echo "Serve it: build/release/bin/tintype run examples/shapes-flux/app.yaml"
