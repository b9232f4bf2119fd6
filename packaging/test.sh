#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what the tests need too, builds, runs every test and ends with ctest's summary. Asks nothing.
set -euo pipefail
. "$(dirname "$0")/setup.sh"

install_debian $BUILD_PACKAGES $STUDIO_PACKAGES $DISPLAY_PACKAGES openssl
install_reference
install_clients
build_release -DTINTYPE_BUILD_TESTS=ON -DTINTYPE_WITH_UI=ON

step "Running the tests"
ctest --preset release
