# SPDX-License-Identifier: Apache-2.0
# Functions that run.sh and test.sh share: install what is missing, build. Sourced, not run.
#
# Debian 12 and Ubuntu 24.04. Everything that is not a Debian package goes into .deps/ of the project.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export DEBIAN_FRONTEND=noninteractive PIP_DISABLE_PIP_VERSION_CHECK=1

BUILD_PACKAGES="g++ cmake ninja-build ccache git python3 python3-venv pkg-config
    nlohmann-json3-dev libfmt-dev libcli11-dev libexpected-dev libutf8proc-dev
    libpng-dev zlib1g-dev libturbojpeg0-dev libwebp-dev libssl-dev qt6-base-dev qt6-websockets-dev
    libboost-dev libyaml-cpp-dev libsqlite3-dev libgit2-dev libsodium-dev"
STUDIO_PACKAGES="qt6-svg-dev|libqt6svg6-dev libqt6sql6-sqlite qt6-image-formats-plugins libqscintilla2-qt6-dev libqcustomplot-dev breeze-icon-theme fonts-dejavu-core"
DISPLAY_PACKAGES="xvfb xdotool xauth"
TORCH_VERSION=2.11.0
CUDA_RUNTIME_VERSION=13.0.96
CUPTI_VERSION=13.0.85
PYTHON=.deps/python/bin/python

step() { printf '\n== %s\n' "$*"; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

is_installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }

# install_debian NAME...: those that are not installed yet. A|B is whichever name the distribution knows.
install_debian() {
    local missing=() names name
    for names in "$@"; do
        for name in ${names//|/ }; do is_installed "$name" && continue 2; done
        missing+=("$names")
    done
    [ ${#missing[@]} -eq 0 ] && return
    step "Installing Debian packages: ${missing[*]}"
    as_root apt-get update -qq
    local found=()
    for names in "${missing[@]}"; do
        for name in ${names//|/ }; do
            apt-cache show "$name" >/dev/null 2>&1 && { found+=("$name"); continue 2; }
        done
        echo "none of these packages is known here: ${names//|/ }" >&2
        exit 1
    done
    as_root apt-get install -y -qq --no-install-recommends "${found[@]}"
}

make_python() {
    [ -x "$PYTHON" ] && return
    step "Making a Python environment in .deps/python"
    python3 -m venv .deps/python
}

has_gpu() { command -v nvidia-smi >/dev/null && nvidia-smi -L >/dev/null 2>&1; }

# LibTorch is the one inside the torch wheel. Without a GPU its CPU half and two small libraries that it names are enough.
install_libtorch() {
    make_python
    $PYTHON -c "import importlib.metadata as m; assert m.version('torch').split('+')[0] == '$TORCH_VERSION'" 2>/dev/null && return
    step "Installing LibTorch $TORCH_VERSION"
    if has_gpu; then
        $PYTHON -m pip install -q "torch==$TORCH_VERSION"
    else
        $PYTHON -m pip install -q --no-deps "torch==$TORCH_VERSION" \
            "nvidia-cuda-runtime==$CUDA_RUNTIME_VERSION" "nvidia-cuda-cupti==$CUPTI_VERSION"
    fi
}

# The reference that the tests compare with, pinned.
install_reference() {
    make_python
    local stamp=.deps/reference.txt
    cmp -s packaging/reference.txt "$stamp" && return
    step "Installing the reference environment (torch, diffusers, transformers)"
    $PYTHON -m pip install -q -r packaging/reference.txt
    cp packaging/reference.txt "$stamp"
}

# The clients of fal.ai, unmodified: the tests call a host with them.
install_clients() {
    make_python
    command -v npm >/dev/null || install_debian nodejs npm
    if ! cmp -s packaging/clients.txt .deps/clients.txt; then
        step "Installing fal's Python client"
        $PYTHON -m pip install -q -r packaging/clients.txt
        cp packaging/clients.txt .deps/clients.txt
    fi
    if ! cmp -s tests/e2e/js/package-lock.json .deps/node/package-lock.json || [ ! -d .deps/node/node_modules ]; then
        step "Installing fal's JavaScript client"
        mkdir -p .deps/node
        cp tests/e2e/js/package.json tests/e2e/js/package-lock.json .deps/node/
        npm ci --prefix .deps/node --no-audit --no-fund --silent
    fi
}

build_release() {
    step "Building into build/release"
    cmake --preset release "$@" >build-configure.log 2>&1 || { cat build-configure.log; rm -f build-configure.log; exit 1; }
    rm -f build-configure.log
    cmake --build --preset release
}
