// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/cli.h"

int main(int argc, char** argv)
{
    return tintype::cli::run(argc, argv);
}
