// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/preflight.h"

#include "deploy/domain/scaling_fields.h"
#include "ui/models/format.h"

#include <QCoreApplication>
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using domain::AppDefinition;
using Json = nlohmann::json;
using Fields = std::map<std::string, QString>; ///< by dotted path

struct Words {
    Q_DECLARE_TR_FUNCTIONS(Preflight)
};

QString shown(const Json& value)
{
    return qs(value.is_string() ? value.get<std::string>() : value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

void flatten(const Json& value, const std::string& path, Fields& fields)
{
    if (value.is_object() && !value.empty()) {
        for (const auto& [name, item] : value.items())
            flatten(item, path.empty() ? name : path + "." + name, fields);
    } else if (value.is_array()) {
        QStringList items;
        for (const Json& item : value)
            items.append(shown(item));
        fields[path] = items.join(QStringLiteral(", "));
    } else {
        fields[path] = shown(value);
    }
}

/// What a definition says besides scaling and auth; what it leaves out is not there.
Fields definitionFields(const AppDefinition& definition)
{
    Fields fields;
    flatten(Json::parse(domain::canonicalJson(definition), nullptr, /*allow_exceptions=*/false), {}, fields);
    for (const domain::ScalingField& field : domain::scalingFields())
        fields.erase(std::string(field.name));
    fields.erase("auth");
    fields.erase("name");
    return fields;
}

Fields scalingOf(const domain::Scaling& scaling, domain::AuthMode auth)
{
    Fields fields;
    for (const domain::ScalingField& field : domain::scalingFields())
        std::visit([&](auto slot) { fields[std::string(field.name)] = qs(domain::shownValue(scaling.*slot.value)); }, field.slot);
    fields["auth"] = QString::fromUtf8(domain::authModeName(auth).data());
    return fields;
}

Fields scalingOf(const AppDefinition& definition)
{
    return scalingOf(domain::withChanges({}, definition.scaling), definition.auth.value_or(domain::AuthMode::Private));
}

QString at(const Fields& fields, const std::string& name)
{
    const auto found = fields.find(name);
    return found == fields.end() ? QString() : found->second;
}

void compare(const Fields& file, const Fields& revision, const Fields& live, std::vector<FieldDifference>& into)
{
    Fields all = file;
    all.insert(revision.begin(), revision.end());
    for (const auto& [name, value] : all) {
        const FieldDifference field{qs(name), at(file, name), at(revision, name), at(live, name)};
        if (field.isNewInFile() || field.isDrift())
            into.push_back(field);
    }
}

bool isOfType(const domain::MachineType& type, const std::string& wanted)
{
    return type.name == wanted || (wanted == "GPU" && type.isGpu);
}

Fit fitIn(const control::MachineInfo& machine, std::uint64_t memoryBytes)
{
    if (memoryBytes > 0 && machine.type.memoryBytes > 0 && memoryBytes > machine.type.memoryBytes)
        return Fit::TooLarge;
    if (machine.freeDevices == 0)
        return Fit::Busy;
    return memoryBytes == 0 ? Fit::Unknown : Fit::Fits;
}

/// Which of two answers a user is better off with.
int rank(Fit fit)
{
    switch (fit) {
    case Fit::Fits: return 4;
    case Fit::Unknown: return 3;
    case Fit::Busy: return 2;
    case Fit::TooLarge: return 1;
    case Fit::NoMachine: break;
    }
    return 0;
}

} // namespace

std::vector<FieldDifference> differences(
    const AppDefinition& file, const AppDefinition* revision, const control::AppInfo* live)
{
    std::vector<FieldDifference> result;
    if (!live)
        return result;
    const Fields liveScaling = scalingOf(live->scaling, live->auth);
    compare(scalingOf(file), revision ? scalingOf(*revision) : liveScaling, liveScaling, result);
    if (!revision)
        return result;
    const Fields kept = definitionFields(*revision);
    compare(definitionFields(file), kept, kept, result);
    return result;
}

MemoryFit fitOn(const QString& target, const control::HostInfo& host, const std::vector<std::string>& wanted, std::uint64_t memoryBytes)
{
    MemoryFit best{.target = target, .fit = Fit::NoMachine, .machine = {}};
    for (const std::string& name : wanted) {
        for (const control::MachineInfo& machine : host.machines) {
            const Fit fit = fitIn(machine, memoryBytes);
            if (isOfType(machine.type, name) && rank(fit) > rank(best.fit))
                best = {target, fit, qs(machine.type.name), machine.type.memoryBytes, machine.freeDevices};
        }
    }
    return best;
}

bool Preflight::isGood() const
{
    const bool hasPlace = fits.empty() || (fits.front().fit != Fit::NoMachine && fits.front().fit != Fit::TooLarge);
    return problems.empty() && !error && hasPlace;
}

QString fitText(const MemoryFit& fit, std::uint64_t memoryBytes)
{
    const QString need = formatBytes(memoryBytes);
    const QString room = formatBytes(fit.memoryBytes);
    switch (fit.fit) {
    case Fit::Fits: return Words::tr("fits on %1: about %2 of %3").arg(fit.machine, need, room);
    case Fit::Busy: return Words::tr("fits on %1 once one is free: about %2 of %3").arg(fit.machine, need, room);
    case Fit::TooLarge: return Words::tr("too large for %1: about %2, it has %3").arg(fit.machine, need, room);
    case Fit::NoMachine: return Words::tr("no machine of a wanted type");
    case Fit::Unknown: break;
    }
    return Words::tr("%1 is there; how much memory it takes is not known yet").arg(fit.machine);
}

} // namespace tintype::ui
