// SPDX-License-Identifier: Apache-2.0
// The fuzzer's property on its seeds, on every truncation of them and on random mutations from a fixed seed: what a
// compiler without libFuzzer can check in a second.

#include "seeds.h"

#include <cstdio>
#include <random>

namespace {

using tintype::fuzz::Bytes;

constexpr int kMutationsPerSeed = 500;
constexpr int kMaxChanges = 4;

void test(const Bytes& bytes)
{
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

Bytes mutated(Bytes bytes, std::mt19937& random)
{
    const auto below = [&random](std::size_t limit) { return random() % limit; };
    const std::size_t changes = 1 + below(kMaxChanges);
    for (std::size_t change = 0; change < changes && !bytes.empty(); ++change) {
        const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(below(bytes.size()));
        const auto byte = static_cast<std::uint8_t>(below(256));
        switch (below(3)) {
        case 0:
            *at = byte;
            break;
        case 1:
            bytes.insert(at, byte);
            break;
        default:
            bytes.erase(at);
        }
    }
    return bytes;
}

} // namespace

int main()
{
    std::mt19937 random(1);
    test({});
    for (const Bytes& seed : tintype::fuzz::seeds()) {
        for (std::size_t size = 0; size <= seed.size(); ++size)
            test(Bytes(seed.begin(), seed.begin() + static_cast<std::ptrdiff_t>(size)));
        for (int count = 0; count < kMutationsPerSeed; ++count)
            test(mutated(seed, random));
    }
    std::puts("no crash, and every property held");
    return 0;
}
