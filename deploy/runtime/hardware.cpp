// SPDX-License-Identifier: Apache-2.0
// What this machine has. NVML is opened when the program runs: it comes with the driver, and most hosts of a CI have none.
#include "deploy/runtime/machines.h"

#include <algorithm>
#include <array>
#include <dlfcn.h>
#include <thread>
#include <unistd.h>

namespace tintype::runtime {
namespace {

/// The five calls of NVML (its C API is stable since driver 300) that tell name and memory.
class Nvml {
public:
    Nvml()
        : m_library(::dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL))
    {
        const auto init = symbol<int (*)()>("nvmlInit_v2");
        m_ready = init && init() == 0;
    }
    ~Nvml()
    {
        if (const auto shutdown = symbol<int (*)()>("nvmlShutdown"); m_ready && shutdown)
            shutdown();
        if (m_library)
            ::dlclose(m_library);
    }
    Nvml(const Nvml&) = delete;
    Nvml& operator=(const Nvml&) = delete;

    std::vector<Gpu> gpus() const
    {
        struct Memory {
            unsigned long long total, free, used;
        };
        const auto count = symbol<int (*)(unsigned*)>("nvmlDeviceGetCount_v2");
        const auto handle = symbol<int (*)(unsigned, void**)>("nvmlDeviceGetHandleByIndex_v2");
        const auto name = symbol<int (*)(void*, char*, unsigned)>("nvmlDeviceGetName");
        const auto memory = symbol<int (*)(void*, Memory*)>("nvmlDeviceGetMemoryInfo");
        unsigned devices = 0;
        std::vector<Gpu> found;
        if (!m_ready || !count || !handle || !name || !memory || count(&devices) != 0)
            return found;
        for (unsigned index = 0; index < devices; ++index) {
            void* device = nullptr;
            std::array<char, 96> text{};
            Memory bytes{};
            if (handle(index, &device) == 0 && name(device, text.data(), static_cast<unsigned>(text.size())) == 0
                && memory(device, &bytes) == 0)
                found.push_back({static_cast<int>(index), text.data(), bytes.total});
        }
        return found;
    }

private:
    template <class Function>
    Function symbol(const char* name) const
    {
        return m_library ? reinterpret_cast<Function>(::dlsym(m_library, name)) : nullptr;
    }

    void* m_library = nullptr;
    bool m_ready = false;
};

} // namespace

Hardware Hardware::ofThisMachine()
{
    const auto pages = static_cast<std::uint64_t>(std::max(::sysconf(_SC_PHYS_PAGES), 0L));
    const auto pageBytes = static_cast<std::uint64_t>(std::max(::sysconf(_SC_PAGESIZE), 0L));
    return {pages * pageBytes, std::max(std::thread::hardware_concurrency(), 1U), Nvml().gpus()};
}

} // namespace tintype::runtime
