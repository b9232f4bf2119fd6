// SPDX-License-Identifier: Apache-2.0
#include "engine/runtime/device.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <charconv>
#include <dlfcn.h>
#include <fmt/format.h>
#include <fstream>

namespace tintype::engine {
namespace {

/// Loads libtorch_cuda.so, whose initialisers register everything CUDA with ATen.
bool openCuda()
{
    static const bool opened = [] {
        const bool loaded = dlopen("libtorch_cuda.so", RTLD_NOW | RTLD_GLOBAL) != nullptr;
        return loaded && at::globalContext().hasCUDA();
    }();
    return opened;
}

int cudaDeviceCount()
{
    return openCuda() ? static_cast<int>(at::detail::getCUDAHooks().deviceCount()) : 0;
}

Result<int> deviceIndex(const std::string& name, int count)
{
    int index = 0;
    const std::string digits = name == "cuda" ? "0" : name.substr(std::string_view("cuda:").size());
    const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
        return fail(ErrorCode::InvalidArgument, fmt::format("device '{}' is not auto, cpu, cuda or cuda:N", name));
    if (index < 0 || index >= count)
        return fail(ErrorCode::Unavailable, fmt::format("device '{}': this machine has {} usable GPU{}", name, count, count == 1 ? "" : "s"));
    return index;
}

/// A field of /proc/meminfo or /proc/self/status, in bytes (the files say kB).
std::uint64_t procField(const char* path, const std::string& field)
{
    std::ifstream stream(path);
    std::string line;
    while (std::getline(stream, line)) {
        if (line.compare(0, field.size() + 1, field + ":") == 0)
            return std::strtoull(line.c_str() + field.size() + 1, nullptr, 10) * 1024;
    }
    return 0;
}

/// A control group's file with one number; nothing when there is none or it says "max".
std::uint64_t cgroupNumber(const char* path, std::uint64_t fallback)
{
    std::ifstream stream(path);
    std::uint64_t number = 0;
    return stream >> number ? number : fallback;
}

DeviceMemory cpuMemory()
{
    DeviceMemory memory;
    memory.used = procField("/proc/self/status", "VmRSS");
    memory.peak = procField("/proc/self/status", "VmHWM");
    memory.total = procField("/proc/meminfo", "MemTotal");
    memory.free = procField("/proc/meminfo", "MemAvailable");
    const std::uint64_t limit = cgroupNumber("/sys/fs/cgroup/memory.max", memory.total);
    const std::uint64_t current = cgroupNumber("/sys/fs/cgroup/memory.current", 0);
    if (limit < memory.total) {
        memory.total = limit;
        memory.free = std::min(memory.free, limit > current ? limit - current : 0);
    }
    return memory;
}

} // namespace

Result<c10::Device> chooseDevice(const std::string& name)
{
    if (name == "cpu" || (name == "auto" && cudaDeviceCount() == 0))
        return c10::Device(c10::kCPU);
    if (name != "auto" && name != "cuda" && name.rfind("cuda:", 0) != 0)
        return fail(ErrorCode::InvalidArgument, fmt::format("device '{}' is not auto, cpu, cuda or cuda:N", name));
    TINTYPE_TRY_ASSIGN(const int index, deviceIndex(name == "auto" ? "cuda" : name, cudaDeviceCount()));
    return c10::Device(c10::kCUDA, static_cast<c10::DeviceIndex>(index));
}

std::string describeDevice(c10::Device device)
{
    return device.is_cpu() ? fmt::format("cpu ({} threads)", at::get_num_threads()) : device.str();
}

DeviceMemory deviceMemory(c10::Device device)
{
    if (device.is_cpu())
        return cpuMemory();
    using Stat = c10::CachingAllocator::StatType;
    auto* allocator = c10::getDeviceAllocator(device.type());
    const auto stats = allocator->getDeviceStats(device.index());
    const auto aggregate = static_cast<std::size_t>(Stat::AGGREGATE);
    const auto [free, total] = allocator->getMemoryInfo(device.index());
    const auto allocated = stats.allocated_bytes[aggregate];
    const auto reserved = stats.reserved_bytes[aggregate];
    return {
        .used = static_cast<std::uint64_t>(allocated.current),
        .peak = static_cast<std::uint64_t>(allocated.peak),
        .free = free + static_cast<std::uint64_t>(reserved.current - allocated.current),
        .total = total,
    };
}

void resetPeakMemory(c10::Device device)
{
    if (device.is_cpu())
        std::ofstream("/proc/self/clear_refs") << "5"; // resets VmHWM; needs no rights for one's own process
    else
        c10::getDeviceAllocator(device.type())->resetPeakStats(device.index());
}

void emptyDeviceCache(c10::Device device)
{
    if (!device.is_cpu())
        c10::getDeviceAllocator(device.type())->emptyCache();
}

void synchronize(c10::Device device)
{
    if (!device.is_cpu())
        c10::impl::VirtualGuardImpl(device.type()).synchronizeDevice(device.index());
}

} // namespace tintype::engine
