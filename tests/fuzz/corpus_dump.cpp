// SPDX-License-Identifier: Apache-2.0
// Writes the seeds into the folder $TINTYPE_FUZZ_SEEDS before libFuzzer reads its corpus:
//   mkdir corpus; TINTYPE_FUZZ_SEEDS=corpus ./fuzz_frame corpus -max_total_time=60

#include "seeds.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

extern "C" int LLVMFuzzerInitialize(int* /*argc*/, char*** /*argv*/)
{
    const char* const folder = std::getenv("TINTYPE_FUZZ_SEEDS");
    if (!folder)
        return 0;
    int number = 0;
    for (const auto& seed : tintype::fuzz::seeds()) {
        std::ofstream file(std::filesystem::path(folder) / ("seed-" + std::to_string(number++)), std::ios::binary);
        file.write(reinterpret_cast<const char*>(seed.data()), static_cast<std::streamsize>(seed.size()));
    }
    return 0;
}
