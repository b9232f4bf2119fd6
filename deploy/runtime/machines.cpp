// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/machines.h"

#include "engine/base/json_fields.h"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <fstream>
#include <sstream>

namespace tintype::runtime {
namespace {

using domain::MachineType;
using domain::Placement;
using domain::WaitingReason;

constexpr std::string_view kAnyGpu = "GPU";

/// fal's names where the driver's name tells the model ("NVIDIA H100 80GB HBM3" is GPU-H100), else a name made of it.
std::string typeNameOf(const std::string& gpu)
{
    for (const char* model : {"RTXPRO6000", "RTX5090", "A6000", "A100", "H100", "H200", "B200", "L40"}) {
        std::string squeezed;
        std::ranges::copy_if(gpu, std::back_inserter(squeezed), [](char letter) { return letter != ' '; });
        if (squeezed.find(model) != std::string::npos)
            return std::string("GPU-") + model;
    }
    std::string name = "GPU";
    bool gap = true;
    for (const char letter : gpu.starts_with("NVIDIA ") ? gpu.substr(7) : gpu) {
        const bool isWord = std::isalnum(static_cast<unsigned char>(letter)) != 0;
        if (isWord && gap)
            name += '-';
        if (isWord)
            name += static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
        gap = !isWord;
    }
    return name;
}

std::vector<MachineType> typesOf(const Hardware& hardware)
{
    std::vector<MachineType> types;
    for (const Gpu& gpu : hardware.gpus) {
        const std::string name = typeNameOf(gpu.name);
        const std::string device = fmt::format("cuda:{}", gpu.index);
        const auto known = std::ranges::find(types, name, &MachineType::name);
        if (known != types.end())
            known->devices.push_back(device);
        else
            types.push_back({name, true, gpu.memoryBytes, 0, {device}});
    }
    std::ranges::move(domain::cpuMachineTypes(hardware.memoryBytes, hardware.cores), std::back_inserter(types));
    return types;
}

Result<MachineType> readType(const std::string& name, const nlohmann::json& value, const std::string& source)
{
    if (!value.is_object())
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: machine type {} is not an object", source, name));
    const JsonFields fields(value, fmt::format("{}: {}", source, name));
    TINTYPE_TRY_ASSIGN(const auto devices, fields.strings("devices", {"cpu"}));
    TINTYPE_TRY_ASSIGN(const double gigabytes, fields.number("memory_gb", 0));
    TINTYPE_TRY_ASSIGN(const double cpus, fields.number("cpus", 1));
    if (gigabytes < 0 || cpus <= 0 || devices.empty())
        return fail(ErrorCode::InvalidArgument,
            fmt::format("{}: {} needs memory_gb ≥ 0, cpus > 0 and at least one device", source, name));
    for (const std::string& device : devices) {
        if (device != "cpu" && !device.starts_with("cuda:"))
            return fail(ErrorCode::InvalidArgument,
                fmt::format("{}: {} names the device {}; it is \"cpu\" or \"cuda:N\"", source, name, device));
    }
    return MachineType{name, devices.front() != "cpu", static_cast<std::uint64_t>(gigabytes * 1e9), cpus, devices};
}

} // namespace

Machines::Machines(const Hardware& hardware)
    : m_hardware(hardware)
    , m_types(typesOf(hardware))
{
}

Result<Machines> Machines::fromFile(const Hardware& hardware, const std::string& file)
{
    std::ifstream stream(file);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read", file));
    TINTYPE_TRY_ASSIGN(const auto json, JsonFields::parseObject(text.str(), file));
    const auto types = json.find("machine_types");
    if (types == json.end() || !types->is_object() || types->empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: machine_types is missing or empty", file));
    Machines machines(hardware);
    machines.m_types.clear();
    for (const auto& [name, value] : types->items()) {
        TINTYPE_TRY_ASSIGN(auto type, readType(name, value, file));
        machines.m_types.push_back(std::move(type));
    }
    return machines;
}

tl::expected<Placement, WaitingReason> Machines::acquire(
    const std::string& app, const std::vector<std::string>& wanted, int numGpus)
{
    const MachineType* busy = nullptr;
    for (const std::string& name : wanted) {
        for (const MachineType& type : m_types) {
            if (type.name != name && !(type.isGpu && name == kAnyGpu))
                continue;
            if (type.isGpu && std::ssize(type.devices) < numGpus)
                continue;
            if (auto placement = place(type, numGpus)) {
                placement->app = app;
                m_placements.push_back(*placement);
                return *std::move(placement);
            }
            busy = busy ? busy : &type;
        }
    }
    WaitingReason reason;
    reason.kind = busy ? WaitingReason::Kind::MachineTaken : WaitingReason::Kind::NoMachine;
    reason.subject = busy ? holderOf(*busy) : fmt::format("{}", fmt::join(wanted, " or "));
    return tl::unexpected(reason);
}

void Machines::release(const Placement& placement)
{
    const auto found = std::ranges::find(m_placements, placement);
    if (found != m_placements.end())
        m_placements.erase(found);
}

std::optional<Placement> Machines::place(const MachineType& type, int numGpus) const
{
    Placement placement{.machineType = type.name, .devices = {}, .memoryBytes = type.memoryBytes, .cpus = type.cpus, .app = {}};
    if (!type.isGpu) {
        std::uint64_t used = 0;
        for (const Placement& other : m_placements)
            used += other.devices.front() == "cpu" ? other.memoryBytes : 0;
        placement.devices = {"cpu"};
        return used + type.memoryBytes <= m_hardware.memoryBytes ? std::optional(placement) : std::nullopt;
    }
    for (const std::string& device : type.devices) {
        const bool isTaken = std::ranges::any_of(
            m_placements, [&device](const Placement& other) { return std::ranges::count(other.devices, device) > 0; });
        if (!isTaken && std::ssize(placement.devices) < numGpus)
            placement.devices.push_back(device);
    }
    return std::ssize(placement.devices) == numGpus ? std::optional(placement) : std::nullopt;
}

std::string Machines::holderOf(const MachineType& type) const
{
    const Placement* largest = nullptr;
    for (const Placement& placement : m_placements) {
        const bool shares = std::ranges::any_of(placement.devices,
            [&type](const std::string& device) { return std::ranges::count(type.devices, device) > 0; });
        if (shares && (!largest || placement.memoryBytes > largest->memoryBytes))
            largest = &placement;
    }
    return largest ? largest->app : "other programs";
}

} // namespace tintype::runtime
